const LINES_SHOWN_MAX = 3;

/** `2 × tea, 1 × mug`. A long order is cut; the final rows show all its lines. */
export function orderLines(lines: readonly { sku: string; quantity: number }[]): string {
  const shown = lines.slice(0, LINES_SHOWN_MAX).map(({ sku, quantity }) => `${quantity} × ${sku}`);
  const more = lines.length - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ');
}
