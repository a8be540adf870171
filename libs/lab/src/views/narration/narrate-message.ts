import { stepAnswer } from '@indoubt/contracts';
import type { EventLine } from '@indoubt/record';
import { duration } from '../../text/duration.ts';
import type { Narration } from './sentence.ts';

/** @param isAgain  this process has sent the same message before */
export function messageSent(line: EventLine<'message-sent'>, isAgain: boolean): Narration {
  const waited = `(waited ${duration(line.waitedMs)})`;
  const sent = isAgain ? 'sent again:' : 'sent';
  const text = `${sent} ${whatItIs(line)} to ${line.topic} ${waited}`;
  return { text, mark: isAgain ? 'again' : 'plain' };
}

/** @param isAgain  this process has received the same message before */
export function messageReceived(line: EventLine<'message-received'>, isAgain: boolean): Narration {
  const place = `${line.topic} ${line.partition}:${line.offset}`;
  const received = isAgain ? 'delivered again:' : 'received';
  const text = `${received} ${whatItIs(line)} from ${place}`;
  return { text, mark: isAgain ? 'again' : 'plain', isDetail: !isAgain };
}

/** A participant has handled a step or an undo, or the orchestrator has handled an answer. */
export function messageHandled(line: EventLine<'message-handled'>): Narration {
  const { step, how, outcome, reason } = line;
  const took = duration(line.tookMs);
  if (how === 'repeat' && reason === 'already-undone') {
    return { text: `${step} refused: its undo came first (${took})`, mark: 'refused' };
  }
  if (how === 'repeat') {
    const text = `${whatItIs(line)} again: same answer as before, no second effect (${took})`;
    return { text, mark: 'again' };
  }
  if (how === 'wait') {
    const text = `${step} again: still in progress, the answer will follow (${took})`;
    return { text, mark: 'again' };
  }
  if (isAnswer(line)) {
    return { text: `handled ${whatItIs(line)} (${took})`, mark: 'plain', isDetail: true };
  }
  if (how === 'nothing-to-undo') {
    const text = `compensation ${step}: nothing to undo; a late action will be refused (${took})`;
    return { text, mark: 'compensation' };
  }
  if (how === 'undo') return { text: `compensation ${step} done (${took})`, mark: 'compensation' };
  if (outcome === 'refused') {
    return { text: `${step} refused: ${reason ?? 'no reason given'} (${took})`, mark: 'refused' };
  }
  if (outcome === 'owed') {
    return { text: `${step} started: the answer will follow (${took})`, mark: 'plain' };
  }
  return { text: `${step} done (${took})`, mark: 'plain' };
}

export function messageRetried(line: EventLine<'message-retried'>): Narration {
  const { attempt, delayMs, error } = line;
  const text = `attempt ${attempt} failed, retries in ${duration(delayMs)}: ${error}`;
  return { text, mark: 'again' };
}

export function deadLettered({ topic, reason }: EventLine<'dead-lettered'>): Narration {
  const text = `dead letter from ${topic}: ${reason}`;
  return { text, mark: 'trouble' };
}

export function relayRetried({ error, delayMs }: EventLine<'relay-retried'>): Narration {
  const text = `could not publish, retries in ${duration(delayMs)}: ${error}`;
  return { text, mark: 'again' };
}

function whatItIs(message: { type: string; step: string }): string {
  const { step } = message;
  return isAnswer(message) ? `the answer to ${step}` : step;
}

function isAnswer({ type }: { type: string }): boolean {
  return type === stepAnswer.type;
}
