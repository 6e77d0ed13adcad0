import { readFileSync } from 'node:fs';

/** A fenced block whose info string names a file: "```ts app.module.ts". */
export interface NamedBlock {
  readonly file: string;
  readonly code: string;
}

/** The blocks of a markdown file that are whole files, in their order. */
export function namedBlocks(markdownFile: URL): NamedBlock[] {
  const markdown = readFileSync(markdownFile, 'utf8');
  const blocks = markdown.matchAll(/^```ts +(?<file>[\w.-]+\.ts) *\n(?<code>[\s\S]*?)^```$/gm);
  return [...blocks].map(({ groups }) => ({ file: groups!.file!, code: groups!.code! }));
}
