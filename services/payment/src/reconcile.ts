import type { CardCharge, Finding, FindingKind } from '@indoubt/contracts';
import type { ChargeStatus } from './charge.ts';

/** A charge in payment's own book. */
export interface OwnCharge {
  key: string;
  orderId: string;
  amountCents: number;
  card: string;
  status: ChargeStatus;
}

type There = CardCharge['status'] | 'absent';
type Kinds = Record<There, FindingKind>;

/** The finding for each status at payment and each status at the processor. */
const KINDS: Record<ChargeStatus | 'absent', Kinds> = {
  REQUESTED: {
    absent: 'not-requested-yet',
    CAPTURED: 'answer-lost',
    DECLINED: 'answer-lost',
    HELD: 'differs',
    VOIDED: 'differs',
  },
  HELD: {
    absent: 'missing-there',
    CAPTURED: 'answer-lost',
    DECLINED: 'differs',
    HELD: 'capture-due',
    VOIDED: 'charged-here-only',
  },
  CAPTURED: {
    absent: 'missing-there',
    CAPTURED: 'agrees',
    DECLINED: 'charged-here-only',
    HELD: 'charged-here-only',
    VOIDED: 'charged-here-only',
  },
  DECLINED: {
    absent: 'missing-there',
    CAPTURED: 'charged-there-only',
    DECLINED: 'agrees',
    HELD: 'charged-there-only',
    VOIDED: 'agrees',
  },
  // Given up before any request was sent, so the processor must not have taken or held the money.
  VOIDED: {
    absent: 'agrees',
    CAPTURED: 'charged-there-only',
    DECLINED: 'agrees',
    HELD: 'charged-there-only',
    VOIDED: 'agrees',
  },
  // An aborted branch leaves no row here.
  absent: {
    absent: 'agrees',
    CAPTURED: 'charged-there-only',
    DECLINED: 'agrees',
    HELD: 'hold-of-nobody',
    VOIDED: 'agrees',
  },
};

const MEANS: Record<FindingKind, { explanation: string; next: string }> = {
  agrees: { explanation: 'Both books say the same.', next: 'Nothing.' },
  'not-requested-yet': {
    explanation: 'Only payment has the charge: no request has reached the processor yet.',
    next: 'Payment sends the request with its key.',
  },
  'answer-lost': {
    explanation: 'The processor has completed the charge. Its answer was lost or is on its way.',
    next: 'Payment retries with the same key: the answer is the same, and nothing is done twice.',
  },
  'capture-due': {
    explanation: 'The amount is held for an order that is committed.',
    next: 'Payment captures the amount.',
  },
  'hold-in-doubt': {
    explanation: 'The amount is held for a branch that is prepared and waits for its decision.',
    next: 'After the decision the hold is captured or voided.',
  },
  'hold-of-nobody': {
    explanation:
      'The amount is held for an order whose branch was aborted, or is not prepared yet.',
    next: 'If the state stays so, payment refuses that branch for good and then voids the hold.',
  },
  'charged-there-only': {
    explanation: 'The processor took or holds the money, but payment has no such charge.',
    next: 'A person has to investigate: no crash of one process causes this.',
  },
  'charged-here-only': {
    explanation: 'Payment has the charge as paid, but the processor does not have the money.',
    next: 'A person has to investigate: no crash of one process causes this.',
  },
  'missing-there': {
    explanation: 'The processor has answered this charge before, but does not know it any more.',
    next: 'A person has to investigate: the books of the processor have lost a line.',
  },
  differs: {
    explanation: 'The same charge has another amount, card, order or status in each book.',
    next: 'A person has to investigate: the same key was used for two charges.',
  },
};

/** Findings that a correct system shows only when the books change while they are read. */
export const ALARMING: readonly FindingKind[] = [
  'charged-there-only',
  'charged-here-only',
  'missing-there',
  'differs',
];

/**
 * Compares one charge in both books. Pure.
 * @param isPrepared whether a branch of its order is prepared and waits for the decision
 */
export function compareCharge(
  here: OwnCharge | undefined,
  there: CardCharge | undefined,
  isPrepared: boolean,
): Finding | undefined {
  const known = here ?? asOwn(there);
  if (known === undefined) return undefined;
  const kind = kindOf(here, there, isPrepared);
  return {
    kind,
    orderId: known.orderId,
    key: known.key,
    here: here?.status ?? null,
    amountHereCents: here?.amountCents ?? null,
    there: there?.status ?? null,
    amountThereCents: there?.amountCents ?? null,
    ...MEANS[kind],
  };
}

function kindOf(
  here: OwnCharge | undefined,
  there: CardCharge | undefined,
  isPrepared: boolean,
): FindingKind {
  if (here !== undefined && there !== undefined && !isSameCharge(here, there)) return 'differs';
  const kind = KINDS[here?.status ?? 'absent'][there?.status ?? 'absent'];
  return kind === 'hold-of-nobody' && isPrepared ? 'hold-in-doubt' : kind;
}

function isSameCharge(here: OwnCharge, there: CardCharge): boolean {
  const { amountCents, card, orderId } = here;
  return there.amountCents === amountCents && there.card === card && there.reference === orderId;
}

function asOwn(there: CardCharge | undefined): { orderId: string; key: string } | undefined {
  return there === undefined ? undefined : { orderId: there.reference, key: there.key };
}

/** Compares two whole books, charge by charge. Pure. */
export function compareBooks(
  ours: readonly OwnCharge[],
  theirs: readonly CardCharge[],
  prepared: ReadonlySet<string>,
): Finding[] {
  const here = new Map(ours.map((each) => [each.key, each]));
  const there = new Map(theirs.map((each) => [each.key, each]));
  const keys = new Set([...here.keys(), ...there.keys()]);
  return [...keys].flatMap((key) => {
    const [own, other] = [here.get(key), there.get(key)];
    const orderId = own?.orderId ?? other?.reference ?? '';
    return compareCharge(own, other, prepared.has(orderId)) ?? [];
  });
}
