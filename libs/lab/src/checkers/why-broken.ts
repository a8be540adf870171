import type { EventLine, RecordLine } from '@indoubt/record';
import { type CaseFile, isFault, openCase } from '../evidence/history/case-file.ts';
import type { Because } from '../evidence/run-result.ts';
import type { About, Violation } from '../evidence/violation.ts';
import { narrate } from '../views/narration/narrate.ts';
import { DECIDERS } from './deciding-events.ts';
import type { Found } from './deciding-messages.ts';
import type { InvariantId } from './invariant-id.ts';

/**
 * The first event of the record after which the invariant could not hold. If no rule finds an
 * event: the last fault before the end of the story of the order, unless the fault hit another
 * order. Pure.
 * @returns null when the record has no such event
 */
export function whyBroken(
  id: InvariantId,
  violation: Violation,
  lines: readonly RecordLine[],
): Because | null {
  const file = openCase(lines, idsOf(violation.about));
  const found = DECIDERS[id](file, violation) ?? lastFault(file);
  if (found === undefined) return null;
  const startedAt = file.events.find(({ event }) => event === 'client-request')?.at;
  const { line, text } = found;
  return {
    event: line.event,
    atMs: startedAt === undefined ? 0 : line.at - startedAt,
    process: line.process,
    text: text ?? narrate(line, false)?.text ?? line.event,
    traceId: line.traceId ?? traceOf(file.story),
  };
}

/** Ids by which the record knows the order. The last part of a gid is the transaction id. */
function idsOf({ orderId, otherOrderId, sagaId, transactionId, messageId, gid }: About): string[] {
  const branch = gid?.split('/').at(-1);
  const ids = [orderId, otherOrderId, sagaId, transactionId, messageId, branch];
  return ids.flatMap((id) => id ?? []);
}

/** The trace of the order, for an event without a trace: a process dies outside of every trace. */
function traceOf(story: readonly EventLine[]): string | null {
  return story.find(({ traceId }) => traceId !== undefined)?.traceId ?? null;
}

function lastFault({ events, story }: CaseFile): Found | undefined {
  const [first, last] = [story[0], story.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  const isOurs = ({ orderId = first.orderId }: EventLine): boolean => orderId === first.orderId;
  const fault = events.findLast(
    (line) => isFault(line) && isOurs(line) && line.at >= first.at && line.at <= last.at,
  );
  return fault === undefined ? undefined : { line: fault };
}
