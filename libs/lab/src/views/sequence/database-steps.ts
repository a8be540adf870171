import type { RecordedSpan } from '../../evidence/record/otlp-traces.ts';
import { duration } from '../../text/duration.ts';
import type { Draft } from './draft.ts';
import { lastWords } from './http-steps.ts';
import { databaseOf } from './lifelines.ts';
import type { Story } from './read-story.ts';

const WAIT = 'outbox wait ';
const ANSWER = ':answer'; // suffix of the message id of an answer

/**
 * Database steps that have no event: waits of outbox rows, marks, entries of the decision log, and
 * rollbacks. Commits have events.
 */
export function databaseSteps(story: Story): Draft[] {
  return story.spans.flatMap((span) => {
    const { line, endedAt } = span;
    const drawn = endedAt === null ? null : drawing(span, endedAt);
    const order = story.orderOfSpan(span);
    const isOurs = order !== null || line.name === MARK;
    if (drawn === null || !isOurs || endedAt === null) return [];
    const { isWait, ...rest } = drawn;
    const atMs = story.msOf(isWait ? line.startedAt : endedAt);
    const untilMs = isWait ? story.msOf(endedAt) : null;
    return [{ ...rest, order, traceId: line.traceId, atMs, untilMs }];
  });
}

const MARK = 'mark published';

function drawing({ line, failed }: RecordedSpan, endedAt: number) {
  const { process, name, startedAt, attributes } = line;
  const database = databaseOf(process);
  const there = { from: process, to: database, isWait: false };
  if (name.startsWith(WAIT)) {
    const isAnswer = String(attributes['messaging.message.id']).endsWith(ANSWER);
    const what = `${isAnswer ? 'the answer to ' : ''}${name.slice(WAIT.length)}`;
    const text = `${what} waited ${duration(endedAt - startedAt)} in the outbox`;
    return { kind: 'message' as const, from: database, to: process, text, isWait: true };
  }
  if (failed !== null && name === 'transaction') {
    return { ...there, kind: 'rollback' as const, text: `rolled back: ${lastWords(failed)}` };
  }
  if (failed !== null) return null;
  if (name === MARK) return { ...there, kind: 'commit' as const, text: 'marked as published' };
  if (name === 'log begun') return { ...there, kind: 'commit' as const, text: 'begun: in the log' };
  return null;
}
