/** The known name that is nearest to a mistyped name; null when no name is near. */
export function nearestName(wanted: string, names: readonly string[]): string | null {
  const ranked = names
    .map((name) => ({ name, distance: editDistance(wanted.toLowerCase(), name.toLowerCase()) }))
    .toSorted((a, b) => a.distance - b.distance);
  const best = ranked[0];
  // With more than two in five letters wrong it is another word, not a typing error.
  if (best === undefined || best.distance > Math.max(wanted.length, best.name.length) * 0.4) {
    return names.find((name) => wanted.length >= 3 && name.includes(wanted)) ?? null;
  }
  return best.name;
}

/** ` Did you mean 'x'?`, or an empty text when no name is near. */
export function didYouMean(wanted: string, names: readonly string[]): string {
  const nearest = nearestName(wanted, names);
  return nearest === null ? '' : ` Did you mean '${nearest}'?`;
}

/** The Levenshtein distance: how many letters to add, drop or change. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [index, letter] of from.split('').entries()) {
    const next = [index + 1];
    for (let column = 1; column <= to.length; column++) {
      const changed = (row[column - 1] ?? 0) + (letter === to[column - 1] ? 0 : 1);
      next.push(Math.min(changed, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
