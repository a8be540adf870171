import { capturePayment, releaseStock, reserveStock } from '@indoubt/contracts';
import type { EventLine } from '@indoubt/record';
import { type CaseFile, isDeath, isEffect, secondEffect } from '../evidence/history/case-file.ts';
import type { Violation } from '../evidence/violation.ts';
import { type Found, serviceOf } from './deciding-messages.ts';

type Story = readonly EventLine[];
type Handled = EventLine<'message-handled'>;
type Decided = Found | undefined;

/**
 * The second handling in which one step had an effect; undefined when there is no such handling.
 */
export function twice(events: Story, fits?: (line: Handled) => boolean): Decided {
  const line = secondEffect(events, fits);
  if (line === undefined) return undefined;
  return { line, text: `${line.process} acted on ${line.step} a second time` };
}

/**
 * The effect that a violation is about: of its step in a saga, of the branch of the owner of that
 * step in 2PC.
 */
export function effectOf(story: Story, { step }: Violation): Decided {
  const fits = (line: Handled): boolean => step === undefined || line.step === step;
  const line =
    story.find((each) => isEffect(each) && fits(each)) ??
    story.find((each) => isCommitOfBranch(each, step));
  return line === undefined ? undefined : { line };
}

/**
 * INV-6: the second effect of the step. Otherwise the handling whose answer is not true, or the
 * effect that has no inbox row.
 */
export function oneEffectOf(file: CaseFile, violation: Violation): Decided {
  const { story } = file;
  const { kind, step } = violation;
  if (step === undefined) return undefined;
  const again = twice(story, (line) => line.step === step);
  const undone = kind === 'released-but-held' ? lastOfUndo(story) : undefined;
  const line = undone ?? answersTo(story, step).find(isFirst);
  const own = line === undefined ? undefined : { line };
  return again ?? own ?? neverDone(file, violation) ?? effectOf(story, violation);
}

/**
 * The step was answered *done*, but no handling had the effect: the first delivery died after the
 * inbox row was written, and later deliveries trusted that row.
 */
export function neverDone({ events, story }: CaseFile, { step }: Violation): Decided {
  const handled = step === undefined ? [] : answersTo(story, step);
  const [repeat] = handled;
  if (step === undefined || repeat === undefined || handled.some(isFirst)) return undefined;
  const received = story.find(
    (line) => line.event === 'message-received' && line.messageId === repeat.messageId,
  );
  const death = events.find(
    (line) =>
      isDeath(line) &&
      serviceOf(line.process) === serviceOf(repeat.process) &&
      line.at >= (received?.at ?? repeat.at) &&
      line.at <= repeat.at,
  );
  if (death === undefined) return { line: repeat };
  return { line: death, text: `${death.process} died; ${step} was recorded as done, but not done` };
}

/**
 * INV-4, for a rejected order that still has stock or a payment. For stock: the later of its
 * reservation and the answer to its release. For a payment: the later of the capture and the step
 * in which the saga began to compensate.
 */
export function keptBy(story: Story, violation: Violation): Decided {
  const { kind } = violation;
  if (kind === 'rejected-but-held') {
    const line = lastOfUndo(story);
    return line === undefined ? undefined : { line };
  }
  if (kind !== 'rejected-but-captured') return undefined;
  const captured = effectOf(story, violation)?.line;
  const turned = story.find(
    (line) => line.event === 'saga-advanced' && line.status === 'compensating',
  );
  if (captured === undefined || turned === undefined) return undefined;
  return { line: later(captured, turned) };
}

/**
 * From this event on nothing will release the stock: the release was answered and the reservation
 * exists.
 */
function lastOfUndo(story: Story): EventLine | undefined {
  const answered = answersTo(story, releaseStock.type).find(isFirst);
  const reserved = story.find((line) => isEffect(line) && line.step === reserveStock.type);
  if (answered === undefined || reserved === undefined) return undefined;
  return later(answered, reserved);
}

function later(one: EventLine, other: EventLine): EventLine {
  return one.at >= other.at ? one : other;
}

/** Handlings of the command by its participant, without the events of the orchestrator. */
function answersTo(story: Story, step: string): Handled[] {
  return story
    .filter((line) => line.event === 'message-handled')
    .filter(({ type }) => type === step);
}

function isFirst({ how }: Handled): boolean {
  return how !== 'repeat';
}

function isCommitOfBranch(line: EventLine, step: string | undefined): boolean {
  if (line.event !== 'branch-ended' || line.decision !== 'commit') return false;
  return step === undefined || serviceOf(line.process) === ownerOf(step);
}

function ownerOf(step: string): string {
  return step === capturePayment.type ? 'payment' : 'inventory';
}
