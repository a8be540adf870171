/** The number of an invariant. A number is never given to another invariant. */
export type InvariantId =
  | 'INV-1'
  | 'INV-2'
  | 'INV-3'
  | 'INV-4'
  | 'INV-5'
  | 'INV-6'
  | 'INV-7'
  | 'INV-8'
  | 'INV-9'
  | 'INV-10'
  | 'INV-11'
  | 'INV-12'
  | 'INV-13'
  | 'INV-14'
  | 'INV-15';
