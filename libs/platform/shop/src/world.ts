/** The data of the shop when a lab starts. Money in integer cents. */
export interface World {
  /** `stock: null`: the product is made to order, so it has no stock and is not reserved. */
  products: { sku: string; name: string; unitPriceCents: number; stock: number | null }[];
  /** A customer with a `card` pays by card, and not from the balance. */
  customers: {
    id: string;
    name: string;
    balanceCents: number;
    creditLimitCents: number;
    card?: string;
  }[];
}
