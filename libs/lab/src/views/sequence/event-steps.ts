import type { EventLine } from '@indoubt/record';
import { isDeath, messageIdOf } from '../../evidence/history/case-file.ts';
import type { RecordedSpan } from '../../evidence/record/otlp-traces.ts';
import type { Sentence } from '../narration/sentence.ts';
import type { Mark } from '../page/report-data.ts';
import type { StepKind } from '../page/sequence-model.ts';
import type { Draft } from './draft.ts';
import { type Picture, pictureOf } from './pictures.ts';
import type { NarratedEvent, Story } from './read-story.ts';

/**
 * A step for each event that is new.
 * @param shown  events that other steps show already
 */
export function eventSteps(story: Story, shown: ReadonlySet<number>): Draft[] {
  const isNews = newsOf(story.events);
  const sends = sendSpans(story.spans);
  return story.events.flatMap((event) => {
    const { id, line, sentence, order } = event;
    if (shown.has(id) || !isNews(event)) return [];
    const picture = pictureOf(line, sentence.mark === 'restart');
    if (picture === null) return [];
    const { from, to } = picture;
    const at = story.msOf(line.event === 'message-sent' ? sentAt(sends, line) : line.at);
    const kind = kindOf(picture, sentence);
    const text = story.labelled(textOf(event));
    return [
      { event: id, traceId: line.traceId, atMs: at, untilMs: null, order, kind, from, to, text },
    ];
  });
}

/** The text of an event without the parts that the arrow or another step shows. */
function textOf({ line, sentence: { text } }: NarratedEvent): string {
  if (line.event === 'message-sent') return text.replace(/^sent (?!again)| \(waited .*\)$/g, '');
  if (line.event === 'message-received') return text.replace(/^received /, '');
  return text.replace(/, process \d+$/, '');
}

/** The kind of step for a mark of the narration that the event name does not imply. */
const KINDS_OF_MARKS: Partial<Record<Mark, StepKind>> = {
  refused: 'refusal',
  compensation: 'compensation',
  'in-doubt': 'in-doubt',
};
const PLAIN: readonly StepKind[] = ['commit', 'note', 'answer', 'retry', 'refusal'];

function kindOf({ kind, again }: Picture, { mark }: Sentence): StepKind {
  if (mark === 'again') return again ?? kind;
  return PLAIN.includes(kind) ? (KINDS_OF_MARKS[mark] ?? kind) : kind;
}

/**
 * Filters repeated news: two events of one death are one crash, and a read with the same result as
 * the last one is left out.
 */
function newsOf(events: readonly NarratedEvent[]): (event: NarratedEvent) => boolean {
  const byFault = events.filter(({ line }) => line.event === 'failpoint-hit' && isDeath(line));
  const crashed = new Set(byFault.map(({ line }) => line.pid));
  const lastSaid = new Map<string, string>();
  return ({ line, sentence }) => {
    if (line.event === 'process-killed') return !crashed.has(line.pid);
    if (line.event !== 'client-response' || line.method !== 'GET') return true;
    const { path } = line;
    if (lastSaid.get(path) === sentence.text) return false;
    lastSaid.set(path, sentence.text);
    return true;
  };
}

/** By message id: the spans in which the message was sent. Pure. */
export function sendSpans(spans: readonly RecordedSpan[]): Map<string, RecordedSpan[]> {
  const sends = spans.filter(({ line }) => line.name.startsWith('send '));
  return Map.groupBy(sends, ({ line }) => String(line.attributes['messaging.message.id']));
}

/**
 * When a sending began: the broker may deliver a message before the sender records the event. Epoch
 * milliseconds. Pure.
 */
export function sentAt(sends: ReturnType<typeof sendSpans>, line: EventLine): number {
  const ofIt = sends.get(messageIdOf(line) ?? '') ?? [];
  const begun = ofIt.map((span) => span.line.startedAt).filter((at) => at <= line.at);
  return begun.length === 0 ? line.at : Math.max(...begun);
}
