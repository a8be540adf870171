/** What is sold; of what is made to order there is no stock. */
export const GOODS = {
  tea: { unitPriceCents: 1250, madeToOrder: false },
  cup: { unitPriceCents: 2500, madeToOrder: false },
  jug: { unitPriceCents: 4000, madeToOrder: false },
  sample: { unitPriceCents: 0, madeToOrder: false },
  print: { unitPriceCents: 990, madeToOrder: true },
  song: { unitPriceCents: 0, madeToOrder: true },
} as const;
export type Sku = keyof typeof GOODS;

/** How an order went: what the saga or the transaction did follows from its outcome. */
export interface Story {
  /** Dora pays by card, the others from their balance. */
  customerId: 'ada' | 'bob' | 'cleo' | 'dora';
  lines: { sku: Sku; quantity: number }[];
  outcome: 'confirmed' | 'declined' | 'sold-out' | 'timed-out';
  coordination: 'saga' | '2pc';
  /** Saga: no answer in time: the first command was sent once more, and answered twice. */
  askedAgain?: boolean;
  /** Saga: this command was delivered once more, e.g. the relay died after it had published. */
  deliveredAgain?: string;
  /** 2PC: nothing is presumed, so that an abort is in the log too. */
  presumeNothing?: boolean;
  /** 2PC: if only the order was written, its commit was the decision. */
  lastResource?: boolean;
  /** 2PC: an operator ended the order's branch before the decision came, and guessed right. */
  guessed?: boolean;
}

/** Integer cents. */
export function totalOf({ lines }: Story): number {
  return lines.reduce(
    (cents, { sku, quantity }) => cents + quantity * GOODS[sku].unitPriceCents,
    0,
  );
}
