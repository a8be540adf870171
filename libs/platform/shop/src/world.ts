/** What is in the shop when a lab starts. Money in integer cents. */
export interface World {
  /** `stock: null`: made to order, so nothing is kept of it and nothing reserved. */
  products: { sku: string; name: string; unitPriceCents: number; stock: number | null }[];
  /** Who has a `card` pays by it, and not from the balance. */
  customers: {
    id: string;
    name: string;
    balanceCents: number;
    creditLimitCents: number;
    card?: string;
  }[];
}
