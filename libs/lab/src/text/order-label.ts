/** A, B … Z, AA, AB …: the label of the first order, the second, the hundredth. */
export function orderLabel(index: number): string {
  const letter = String.fromCharCode(65 + (index % 26));
  return index < 26 ? letter : orderLabel(Math.floor(index / 26) - 1) + letter;
}

/** Shortens an id to its beginning and end. The middle is similar for all orders of a run. */
export function shortId(id: string): string {
  return id.length > 16 ? `${id.slice(0, 4)}…${id.slice(-6)}` : id;
}
