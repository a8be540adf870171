const LINES_SHOWN_MAX = 3;

/** `2 × tea, 1 × mug`; a long order is cut, for its lines are in the final rows. */
export function orderLines(lines: readonly { sku: string; quantity: number }[]): string {
  const shown = lines.slice(0, LINES_SHOWN_MAX).map(({ sku, quantity }) => `${quantity} × ${sku}`);
  const more = lines.length - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ');
}
