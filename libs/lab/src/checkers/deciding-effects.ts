import { capturePayment, releaseStock, reserveStock } from '@indoubt/contracts';
import type { EventLine } from '@indoubt/record';
import { type CaseFile, isDeath, isEffect, secondEffect } from '../evidence/history/case-file.ts';
import type { Violation } from '../evidence/violation.ts';
import { type Found, serviceOf } from './deciding-messages.ts';

type Story = readonly EventLine[];
type Handled = EventLine<'message-handled'>;
type Decided = Found | undefined;

/** The second time that a step had an effect, if one had. */
export function twice(events: Story, fits?: (line: Handled) => boolean): Decided {
  const line = secondEffect(events, fits);
  if (line === undefined) return undefined;
  return { line, text: `${line.process} acted on ${line.step} a second time` };
}

/** The effect that a violation is about: of its step in a saga, of that step's owner in 2PC. */
export function effectOf(story: Story, { step }: Violation): Decided {
  const fits = (line: Handled): boolean => step === undefined || line.step === step;
  const line =
    story.find((each) => isEffect(each) && fits(each)) ??
    story.find((each) => isCommitOfBranch(each, step));
  return line === undefined ? undefined : { line };
}

/** INV-6: it acted twice; or it answered and its answer is not true; or nobody remembers it. */
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
 * A step was answered done and no handling ever did it: the first one died when it had noted it in
 * the inbox, and all others took the note for the deed.
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
  return { line: death, text: `${death.process} died; ${step} was noted as done, and not done` };
}

/**
 * INV-4, of an order that was rejected: what is kept was there, and the saga had turned back past a
 * payment that nothing undoes, or had been told that its stock was released.
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

/** After this nobody will release the stock: it was answered, and what it is to undo was there. */
function lastOfUndo(story: Story): EventLine | undefined {
  const answered = answersTo(story, releaseStock.type).find(isFirst);
  const reserved = story.find((line) => isEffect(line) && line.step === reserveStock.type);
  if (answered === undefined || reserved === undefined) return undefined;
  return later(answered, reserved);
}

function later(one: EventLine, other: EventLine): EventLine {
  return one.at >= other.at ? one : other;
}

/** What a participant answered to a command; the orchestrator's own lines on that are not it. */
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
