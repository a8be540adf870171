import { capturePayment, releaseStock } from '@indoubt/contracts';
import type { EventLine } from '@indoubt/record';
import { type CaseFile, isEffect, sentBy } from '../evidence/history/case-file.ts';
import type { About, Violation, ViolationKind } from '../evidence/violation.ts';
import { effectOf, keptBy, neverDone, oneEffectOf, twice } from './deciding-effects.ts';
import { passedOver } from './deciding-handlings.ts';
import { type Found, lostMessage, outOfOrder } from './deciding-messages.ts';
import type { InvariantId } from './invariant-id.ts';

type Decider = (file: CaseFile, violation: Violation) => Found | undefined;

/** For each invariant, the rule that finds the event after which the invariant could not hold. */
export const DECIDERS: Record<InvariantId, Decider> = {
  'INV-1': ({ events }, { about }) => twice(events, ofCustomer(events, about.customerId)),
  'INV-2': ({ events }, { about }) => twice(events, ofSku(events, about.sku)),
  'INV-3': (file, violation) =>
    twice(file.story) ??
    found(harmOf(file.story)) ??
    neverDone(file, violation) ??
    endOf(file.story),
  'INV-4': ({ story }, violation) =>
    twice(story) ??
    found(harmOf(story)) ??
    afterItsEnd(story) ??
    keptBy(story, violation) ??
    endOf(story) ??
    (OF_UNKNOWN.has(violation.kind) ? effectOf(story, violation) : undefined),
  'INV-5': ({ story }, { about }) => {
    return about.answeredAt === undefined ? promised(story) : answered(story, about.answeredAt);
  },
  'INV-6': oneEffectOf,
  'INV-7': lostMessage,
  'INV-8': outOfOrder,
  'INV-9': ({ story }) => found(gaveUp(story) ?? story.findLast(isNoRead)),
  'INV-10': ({ story }, { step }) => {
    const undo = step === releaseStock.type ? story.findLast(undoes) : undefined;
    return found(undo ?? story.findLast(movesOrEnds));
  },
  'INV-11': ({ story }, { kind }) => {
    const logged = WITHOUT_DECISION.has(kind) ? 'abort' : undefined;
    return found(harmOf(story, logged) ?? story.find(({ event }) => DECIDED.has(event)));
  },
  'INV-12': ({ events, story }, violation) => {
    const { answeredAt } = violation.about;
    return answeredAt === undefined ? effectOf(story, violation) : answered(events, answeredAt);
  },
  'INV-13': passedOver,
  'INV-14': (file, { about }) =>
    secondOrder(file, about) ??
    (about.answeredAt === undefined ? undefined : answered(file.events, about.answeredAt)),
  'INV-15': ({ story }, { kind }) => found(ofCard(story, kind)) ?? endOf(story),
};

const OF_UNKNOWN = new Set<ViolationKind>(['unknown-but-captured', 'unknown-but-held']);
/** The log has no row of the transaction: presumed abort. */
const WITHOUT_DECISION = new Set<ViolationKind>([
  'branch-without-decision',
  'operator-without-decision',
]);

function found(line: EventLine | undefined): Found | undefined {
  return line === undefined ? undefined : { line };
}

/** The event that placed the second order of one idempotency key. */
function secondOrder({ events }: CaseFile, about: About): Found | undefined {
  const ids = [about.orderId, about.otherOrderId];
  const placed = events.filter(
    ({ event, orderId = '' }) => event === 'order-placed' && ids.includes(orderId),
  );
  return found(placed[1]);
}

/** The event of a hold that was never voided, or the second charge of one order. */
function ofCard(story: readonly EventLine[], kind: ViolationKind): EventLine | undefined {
  if (kind === 'card-still-held') return story.find(({ event }) => event === 'hold-made');
  const charged = story.filter((line) => {
    return line.event === 'charge-answered' && line.status === 'CAPTURED';
  });
  return charged[1];
}

/**
 * Matches payments for the orders of this customer; matches nothing when the customer is not known.
 */
function ofCustomer(events: readonly EventLine[], customerId: string | undefined) {
  const own = new Set(
    events
      .filter((line) => line.event === 'order-placed' && line.customerId === customerId)
      .map(({ orderId }) => orderId),
  );
  return ({ orderId, step }: EventLine<'message-handled'>): boolean =>
    customerId !== undefined && own.has(orderId) && step === capturePayment.type;
}

/** Matches the steps of inventory for orders with this sku. */
function ofSku(events: readonly EventLine[], sku: string | undefined) {
  const own = new Set(events.filter((line) => hasLineOf(line, sku)).map(({ orderId }) => orderId));
  return ({ orderId, step }: EventLine<'message-handled'>): boolean =>
    sku !== undefined && own.has(orderId) && step !== capturePayment.type;
}

function hasLineOf(line: EventLine, sku: string | undefined): boolean {
  return line.event === 'order-placed' && line.lines.some((each) => each.sku === sku);
}

function endOf(story: readonly EventLine[]): Found | undefined {
  return found(story.find(({ event }) => event === 'order-ended'));
}

/** The first effect after the end of its order: no later step will undo that effect. */
function afterItsEnd(story: readonly EventLine[]): Found | undefined {
  const end = story.findIndex(({ event }) => event === 'order-ended');
  const late = end < 0 ? undefined : story.slice(end).find(isEffect);
  if (late === undefined) return undefined;
  return { line: late, text: `${late.process} did ${late.step} after the order's end` };
}

/** The response that first acknowledged the order to a client. */
function promised(story: readonly EventLine[]): Found | undefined {
  return found(story.find((line) => line.event === 'client-response' && line.outcome === 'ok'));
}

function answered(events: readonly EventLine[], at: number): Found | undefined {
  const responses = events.filter((each) => each.event === 'client-response');
  const line = responses.find(({ returnedAt }) => returnedAt === at);
  if (line === undefined) return undefined;
  const { method, path, status, orderStatus } = line;
  const available = method === 'GET' ? line.available : undefined;
  const read = available === undefined ? String(status) : `${available} available`;
  return { line, text: `${method} ${path} was answered ${orderStatus ?? read}` };
}

function gaveUp(story: readonly EventLine[]): EventLine | undefined {
  return story.find(({ event }) => event === 'dead-lettered');
}

/**
 * Leaves out the requests of clients: clients go on polling after all other activity has stopped.
 */
function isNoRead({ event }: EventLine): boolean {
  return event !== 'client-response' && event !== 'client-request';
}

function undoes(line: EventLine): boolean {
  return sentBy(line).includes(releaseStock.type);
}

function movesOrEnds({ event }: EventLine): boolean {
  return event === 'saga-advanced' || event === 'order-ended';
}

const DECIDED = new Set(['decision-made', 'heuristic-damage']);

/**
 * The first branch that ended against the decision. Without a decision, abort is presumed.
 * @param logged  the decision in the log, where the log differs from what the coordinator announced
 */
function harmOf(story: readonly EventLine[], logged?: string): EventLine | undefined {
  const said = story.find((line) => line.event === 'decision-made')?.decision;
  const decision = logged ?? said ?? 'abort';
  return story.find(
    (line) =>
      (line.event === 'branch-ended' || line.event === 'heuristic-decision') &&
      line.decision !== decision,
  );
}
