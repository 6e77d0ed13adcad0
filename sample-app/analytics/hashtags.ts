/** The hashtags of a text, in lower case, each once. */
export function hashtagsOf(content: string): string[] {
  return [...new Set((content.match(/#[\p{L}\p{N}_]+/gu) ?? []).map((tag) => tag.toLowerCase()))];
}
