/** The strong entity tag of a version: every change of the row increments its version. */
export function etagOf(version: number): string {
  return `"${version}"`;
}

/**
 * Whether the list of entity tags in If-Match or If-None-Match contains this tag. Pure.
 * @param isWeak whether weak tags match: true for If-None-Match, false for If-Match
 * @see RFC 9110, 8.8.3.2 and 13.1
 */
export function namesTag(header: string, etag: string, isWeak: boolean): boolean {
  if (header.trim() === '*') return true;
  const tags = header.split(',').map((tag) => tag.trim());
  return tags.some((tag) => tag === etag || (isWeak && tag === `W/${etag}`));
}
