/** The hashtags of a text in lower case, without duplicates. */
export function hashtagsOf(content: string): string[] {
  return [...new Set((content.match(/#[\p{L}\p{N}_]{1,100}/gu) ?? []).map((tag) => tag.toLowerCase()))];
}
