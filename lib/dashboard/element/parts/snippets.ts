import { goHex } from '../../../reference/samples/go.js';
import { nodeHex } from '../../../reference/samples/node.js';
import { phpHex } from '../../../reference/samples/php.js';
import { pythonHex } from '../../../reference/samples/python.js';
import { rubyHex } from '../../../reference/samples/ruby.js';

export interface Snippet {
  readonly language: string;
  readonly label: string;
  readonly code: string;
}

/**
 * Code that verifies the hex signature, with the same functions as in docs/how-to/verifying-signatures.md.
 * Only comments mention the header's name, so that the code works for every app.
 */
export function snippets(signatureHeader: string): Snippet[] {
  const header = signatureHeader.toLowerCase();
  return [
    { language: 'node', label: 'Node.js', code: nodeHex(header) },
    { language: 'python', label: 'Python', code: pythonHex(header) },
    { language: 'go', label: 'Go', code: goHex(header) },
    { language: 'php', label: 'PHP', code: phpHex(header) },
    { language: 'ruby', label: 'Ruby', code: rubyHex(header) },
  ];
}
