import {
  durationField,
  type EventLine,
  optionalWord,
  word,
} from '../../evidence/record/told-fields.ts';
import type { Told } from './sentence.ts';

/** @param isAgain  this process has sent the same message before */
export function messageSent(line: EventLine, isAgain: boolean): Told {
  const waited = `(waited ${durationField(line, 'waitedMs')})`;
  const sent = isAgain ? 'sent again:' : 'sent';
  const text = `${sent} ${whatItIs(line)} to ${word(line, 'topic')} ${waited}`;
  return { text, mark: isAgain ? 'again' : 'plain' };
}

/** @param isAgain  this service has been given the same message before */
export function messageReceived(line: EventLine, isAgain: boolean): Told {
  const place = `${word(line, 'topic')} ${word(line, 'partition')}:${word(line, 'offset')}`;
  const received = isAgain ? 'delivered again:' : 'received';
  const text = `${received} ${whatItIs(line)} from ${place}`;
  return { text, mark: isAgain ? 'again' : 'plain', isDetail: !isAgain };
}

/** A participant's step or undo; for the orchestrator, an answer that it took. */
export function messageHandled(line: EventLine): Told {
  const step = word(line, 'step');
  const took = durationField(line, 'tookMs');
  const how = word(line, 'how');
  if (how === 'repeat' && optionalWord(line, 'reason') === 'already-undone') {
    return { text: `${step} refused: its undo came first (${took})`, mark: 'refused' };
  }
  if (how === 'repeat') {
    const text = `${whatItIs(line)} again: same answer as before, no second effect (${took})`;
    return { text, mark: 'again' };
  }
  if (how === 'wait') {
    const text = `${step} again: under way, its answer is still owed (${took})`;
    return { text, mark: 'again' };
  }
  if (isAnswer(line)) {
    return { text: `took ${whatItIs(line)} (${took})`, mark: 'plain', isDetail: true };
  }
  if (how === 'nothing-to-undo') {
    const text = `compensation ${step}: nothing to undo; its action, if late, is refused (${took})`;
    return { text, mark: 'compensation' };
  }
  if (how === 'undo') return { text: `compensation ${step} done (${took})`, mark: 'compensation' };
  if (word(line, 'outcome') === 'refused') {
    const reason = optionalWord(line, 'reason') ?? 'no reason given';
    return { text: `${step} refused: ${reason} (${took})`, mark: 'refused' };
  }
  if (word(line, 'outcome') === 'owed') {
    return { text: `${step} begun: its answer comes later (${took})`, mark: 'plain' };
  }
  return { text: `${step} done (${took})`, mark: 'plain' };
}

export function messageRetried(line: EventLine): Told {
  const delay = durationField(line, 'delayMs');
  const text = `attempt ${word(line, 'attempt')} failed, again in ${delay}: ${word(line, 'error')}`;
  return { text, mark: 'again' };
}

export function deadLettered(line: EventLine): Told {
  const text = `dead letter: put aside on ${word(line, 'topic')}: ${word(line, 'reason')}`;
  return { text, mark: 'trouble' };
}

export function relayRetried(line: EventLine): Told {
  const error = optionalWord(line, 'error') ?? 'the broker did not take it';
  const delay = line['delayMs'] === undefined ? '' : ` in ${durationField(line, 'delayMs')}`;
  return { text: `could not publish, again${delay}: ${error}`, mark: 'again' };
}

function whatItIs(line: EventLine): string {
  const step = word(line, 'step');
  return isAnswer(line) ? `the answer to ${step}` : step;
}

function isAnswer(line: EventLine): boolean {
  return line['type'] === 'step-answer';
}
