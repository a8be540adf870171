/** The goods. Goods that are made to order have no stock. */
export const GOODS = {
  tea: { unitPriceCents: 1250, madeToOrder: false },
  cup: { unitPriceCents: 2500, madeToOrder: false },
  jug: { unitPriceCents: 4000, madeToOrder: false },
  sample: { unitPriceCents: 0, madeToOrder: false },
  print: { unitPriceCents: 990, madeToOrder: true },
  song: { unitPriceCents: 0, madeToOrder: true },
} as const;
export type Sku = keyof typeof GOODS;

/** The course of an order. The outcome determines what the saga or the transaction did. */
export interface Story {
  /** Dora pays by card, the others from their balance. */
  customerId: 'ada' | 'bob' | 'cleo' | 'dora';
  lines: { sku: Sku; quantity: number }[];
  outcome: 'confirmed' | 'declined' | 'sold-out' | 'timed-out';
  coordination: 'saga' | '2pc';
  /** Saga: the first command got no answer in time, was retried, and was answered twice. */
  commandRetried?: boolean;
  /**
   * Saga: this command was delivered twice, for instance because the relay died after publishing
   * it.
   */
  deliveredAgain?: string;
  /** 2PC: presumed abort is off, so an abort is in the log too. */
  presumeNothing?: boolean;
  /** 2PC: only the order was written, so its commit in one phase was the decision. */
  lastResource?: boolean;
  /** 2PC: an operator ended the branch of the order before the decision came, and guessed right. */
  guessed?: boolean;
}

/** Integer cents. */
export function totalOf({ lines }: Story): number {
  return lines.reduce(
    (cents, { sku, quantity }) => cents + quantity * GOODS[sku].unitPriceCents,
    0,
  );
}
