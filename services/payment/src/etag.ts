/** The entity tag of a row's version: strong, since a version is changed by every change. */
export function etagOf(version: number): string {
  return `"${version}"`;
}

/**
 * Whether a list of entity tags, as If-Match and If-None-Match have it, names this one. Pure.
 * @param isWeak whether a weak tag will do: for If-None-Match it does, for If-Match it never does
 * @see RFC 9110, 8.8.3.2 and 13.1
 */
export function namesTag(header: string, etag: string, isWeak: boolean): boolean {
  if (header.trim() === '*') return true;
  const tags = header.split(',').map((tag) => tag.trim());
  return tags.some((tag) => tag === etag || (isWeak && tag === `W/${etag}`));
}
