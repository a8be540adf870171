/** Integer cents as a person reads them: 5000 is 50.00. */
export function formatCents(cents: number): string {
  return (cents / 100).toFixed(2);
}
