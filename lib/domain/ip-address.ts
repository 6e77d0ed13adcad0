import { isIPv4, isIPv6 } from 'node:net';

/** An IP address as a number, with the width of its family. */
export interface IpAddress {
  readonly bits: 32 | 128;
  readonly value: bigint;
}

/** A CIDR block; a single address is a block with the whole width as its prefix. */
export interface IpBlock extends IpAddress {
  readonly prefix: number;
}

/** The address that `text` spells in dotted-quad or RFC 4291 form, without brackets or zone id. */
export function parseIpAddress(text: string): IpAddress | undefined {
  if (isIPv4(text)) return { bits: 32, value: parseDottedQuad(text) };
  // isIPv6 accepts `fe80::1%eth0`, whose meaning depends on the machine.
  if (isIPv6(text) && !text.includes('%')) return { bits: 128, value: parseHextets(text) };
  return undefined;
}

/** `192.0.2.0/24`, `2001:db8::/32` or a single address; `undefined` if bits are set after the prefix. */
export function parseIpBlock(text: string): IpBlock | undefined {
  const [start = '', prefixText, ...rest] = text.split('/');
  const address = parseIpAddress(start);
  if (!address || rest.length > 0) return undefined;
  if (prefixText === undefined) return { ...address, prefix: address.bits };
  if (!/^(0|[1-9]\d{0,2})$/.test(prefixText) || Number(prefixText) > address.bits) return undefined;
  const prefix = Number(prefixText);
  const hostBits = BigInt(address.bits - prefix);
  return (address.value >> hostBits) << hostBits === address.value ? { ...address, prefix } : undefined;
}

export function blockContains(block: IpBlock, address: IpAddress): boolean {
  if (block.bits !== address.bits) return false;
  const hostBits = BigInt(block.bits - block.prefix);
  return block.value >> hostBits === address.value >> hostBits;
}

/** The IPv4 address in the last 32 bits of an IPv6 address. */
export function embeddedIpv4(address: IpAddress): IpAddress {
  return { bits: 32, value: address.value & 0xffff_ffffn };
}

function parseDottedQuad(text: string): bigint {
  return text.split('.').reduce((value, octet) => (value << 8n) | BigInt(octet), 0n);
}

function parseHextets(text: string): bigint {
  const [head = '', tail] = text.split('::');
  const before = hextets(head);
  const after = tail === undefined ? [] : hextets(tail);
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => 0n);
  return [...before, ...zeros, ...after].reduce((value, hextet) => (value << 16n) | hextet, 0n);
}

function hextets(text: string): bigint[] {
  if (text === '') return [];
  return text.split(':').flatMap((part) => {
    if (!part.includes('.')) return [BigInt(`0x${part}`)];
    const quad = parseDottedQuad(part);
    return [quad >> 16n, quad & 0xffffn];
  });
}
