import { readFileSync } from 'node:fs';

/** A fenced block whose info string names a file: "```ts src/app.module.ts". */
export interface NamedBlock {
  readonly file: string;
  readonly code: string;
}

/** The blocks of a Markdown file that are complete files, in order. */
export const namedBlocks = (markdownFile: URL): NamedBlock[] =>
  namedBlocksOf(readFileSync(markdownFile, 'utf8'));

export function namedBlocksOf(markdown: string): NamedBlock[] {
  const blocks = markdown.matchAll(/^```(?:ts|js) +(?<file>[\w./-]+\.m?[tj]s) *\n(?<code>[\s\S]*?)^```$/gm);
  return [...blocks].map(({ groups }) => ({ file: groups!.file!, code: groups!.code! }));
}
