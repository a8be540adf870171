import type { CardCharge, Finding, FindingKind } from '@indoubt/contracts';
import type { ChargeStatus } from './charge.ts';

/** A charge as payment's book has it. */
export interface OwnCharge {
  key: string;
  orderId: string;
  amountCents: number;
  card: string;
  status: ChargeStatus;
}

type There = CardCharge['status'] | 'absent';
type Kinds = Record<There, FindingKind>;

/** Every pair of statuses: what payment has, and in it what the processor has. */
const KINDS: Record<ChargeStatus | 'absent', Kinds> = {
  REQUESTED: {
    absent: 'not-asked-yet',
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
  // Given up before it was asked: nothing may be there, and what is there holds no money.
  VOIDED: {
    absent: 'agrees',
    CAPTURED: 'charged-there-only',
    DECLINED: 'agrees',
    HELD: 'charged-there-only',
    VOIDED: 'agrees',
  },
  // Of a branch that was aborted nothing is kept here.
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
  'not-asked-yet': {
    explanation: 'It is written down here and not there: the processor was not asked, or is away.',
    next: 'Payment asks for it, with its key.',
  },
  'answer-lost': {
    explanation: 'The processor has done it, and its answer was lost or is on its way.',
    next: 'Payment asks again, with the same key: the same answer, and nothing is done twice.',
  },
  'capture-due': {
    explanation: 'The amount is held for an order that is committed.',
    next: 'Payment captures it.',
  },
  'hold-in-doubt': {
    explanation: 'The amount is held for a branch that is prepared and waits for its decision.',
    next: 'Nothing before the decision: then it is captured, or voided.',
  },
  'hold-of-nobody': {
    explanation:
      'The amount is held for an order whose branch was aborted, or is not prepared yet.',
    next: 'If it stays so, payment refuses that branch for good, and then voids the hold.',
  },
  'charged-there-only': {
    explanation: 'The processor took or holds the money, and payment says that it did not.',
    next: 'A person has to look: no crash of one process leads here.',
  },
  'charged-here-only': {
    explanation: 'Payment counts on the money, and the processor does not have it.',
    next: 'A person has to look: no crash of one process leads here.',
  },
  'missing-there': {
    explanation: 'The processor has answered for it once, and does not know it any more.',
    next: 'A person has to look: the books of the processor have lost a line.',
  },
  differs: {
    explanation: 'Amount, card, order or status of the same charge are not the same in both books.',
    next: 'A person has to look: the same key was used for two things.',
  },
};

/** Kinds that no sound system shows, but for a moment in which the books are read. */
export const ALARMING: readonly FindingKind[] = [
  'charged-there-only',
  'charged-here-only',
  'missing-there',
  'differs',
];

/**
 * Compares one charge, as both books have it. Pure.
 * @param isPrepared whether a branch of its order is prepared, and waits for the decision
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
  if (here !== undefined && there !== undefined && !isSameThing(here, there)) return 'differs';
  const kind = KINDS[here?.status ?? 'absent'][there?.status ?? 'absent'];
  return kind === 'hold-of-nobody' && isPrepared ? 'hold-in-doubt' : kind;
}

function isSameThing(here: OwnCharge, there: CardCharge): boolean {
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
