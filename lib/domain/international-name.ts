import { parseUrl } from './parse-url.js';
import { decodePunycode } from './punycode.js';

/**
 * Characters that Node 20 and Node 24 treat differently in a host, as hexadecimal ranges: those that Unicode 15.1 to
 * 17 added, and a few that were refused and are now ignored. No registry gives out
 * names with them.
 */
const UNSETTLED = `
  4c0 88f 897 c5c cdc 10a0-10c5 115f-1160 17b4-17b5 1806 180e 1acf-1add 1ae0-1aeb 1b4e-1b4f 1b7f
  1c89-1c8a 1e9e 2061-2063 206a-206f 20c1 2132 2183 2427-2429 2b96 3164 31e4-31e5 a7cb-a7cf a7d2 a7d4
  a7da-a7dc a7f1 fbc3-fbd2 fd90-fd91 fdc8-fdce ffa0 105c0-105f3 10940-10959 10d40-10d65 10d69-10d85
  10d8e-10d8f 10ec2-10ec7 10ed0-10ed8 10efa-10efc 11380-11389 1138b 1138e 11390-113b5 113b7-113c0
  113c2 113c5 113c7-113ca 113cc-113d5 113d7-113d8 113e1-113e2 116d0-116e3 11b60-11b67 11bc0-11be1
  11bf0-11bf9 11db0-11ddb 11de0-11de9 11f5a 13460-143fa 16100-16139 16d40-16d79 16ea0-16eb8
  16ebb-16ed3 16ff2-16ff6 187f8-187ff 18cff 18d09-18d1e 18d80-18df2 1cc00-1ccfc 1cd00-1ceb3
  1ceba-1ced0 1cee0-1cef0 1d173-1d17a 1e5d0-1e5fa 1e5ff 1e6c0-1e6de 1e6e0-1e6f5 1e6fe-1e6ff 1f6d8
  1f777-1f77a 1f8b2-1f8bb 1f8c0-1f8c1 1f8d0-1f8d8 1fa54-1fa57 1fa89-1fa8a 1fa8e-1fa8f 1fabe 1fac6
  1fac8 1facd 1fadc 1fadf 1fae9-1faea 1faef 1fbcb-1fbef 1fbfa 2b73a-2b73f 2cea2-2cead 2ebf0-2ee5d
  2f868 2f874 2f91f 2f95f 2f9bf 323b0-33479
`;

const inClass = (range: string): string => range.replaceAll(/[\da-f]+/g, '\\u{$&}');
const unsettled = new RegExp(`[${UNSETTLED.trim().split(/\s+/).map(inClass).join('')}]`, 'u');

/** Blocks of scripts that are written from right to left. */
const RTL = '\\u0590-\\u08ff\\ufb1d-\\ufdff\\ufe70-\\ufeff\\u{10800}-\\u{10fff}\\u{1e800}-\\u{1efff}';
const hasRtl = new RegExp(`[${RTL}]`, 'u');
const rtlLabel = new RegExp(
  `^(?=[${RTL}])\\p{L}((?=[${RTL}])\\p{L}|[\\p{M}\\d\\u0660-\\u0669\\u06f0-\\u06f9-])*$`,
  'u',
);
const ltrLabel = new RegExp(
  `^(?![${RTL}])[\\p{Ll}\\p{Lo}]((?![${RTL}])[\\p{Ll}\\p{Lo}\\p{M}]|[\\d_-])*$`,
  'u',
);
const endsInHyphen = /[-_]\p{M}*$/u;
const mixesDigits = /(?=.*[\u0660-\u0669])(?=.*[\d\u06f0-\u06f9])/u;

/**
 * Whether every Node reads this host in the same way. URL parsers differ: that of Node 24 accepts any text after `xn--`
 * and knows newer characters; those of 20 and 22 ignore the direction of writing. We refuse everywhere what only some
 * of them accept.
 * @param written the host as it was given
 * @param name the host as the URL parser returns it: in lower case and punycode
 */
export function isSettledName(written: string, name: string): boolean {
  if (unsettled.test(written)) return false;
  if (!name.includes('xn--')) return true;
  const labels = name.split('.').map(decodedLabel);
  if (!labels.every((label) => label !== undefined)) return false;
  const decoded = labels.join('.');
  return !unsettled.test(decoded) && hasOneDirection(decoded, labels) && parsesTo(decoded, name);
}

function decodedLabel(label: string): string | undefined {
  if (!label.startsWith('xn--')) return label;
  const decoded = decodePunycode(label.slice(4));
  // Punycode of a plain ASCII name is only another spelling of that name.
  return decoded !== undefined && /[^\0-\x7f]/.test(decoded) ? decoded : undefined;
}

/** The rules of RFC 5893, section 2, with letters, marks and digits only. */
function hasOneDirection(name: string, labels: readonly string[]): boolean {
  if (!hasRtl.test(name)) return true;
  return labels.every(
    (label) =>
      (label === '' || rtlLabel.test(label) || ltrLabel.test(label)) &&
      !endsInHyphen.test(label) &&
      !mixesDigits.test(label),
  );
}

/**
 * Whether the parser turns the text back into the same label. Each parser checks and normalises the text, so a label
 * with another spelling comes out different.
 */
function parsesTo(decoded: string, name: string): boolean {
  return parseUrl(`https://${decoded}`)?.hostname === name;
}
