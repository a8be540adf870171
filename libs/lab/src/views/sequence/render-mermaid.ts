import { wrapText } from '../../text/wrap-text.ts';
import type { Lifeline, SequenceModel, SequenceStep, StepKind } from '../page/sequence-model.ts';
import { usedLifelines } from '../page/used-lifelines.ts';

/** More steps are unreadable, and Mermaid fails at some hundreds. */
const STEPS_SHOWN_MAX = 120;
const LABEL_COLUMNS = 44;
const LABEL_CHARS_MAX = 220;

/**
 * Renders the model as a Mermaid `sequenceDiagram` for a README: lifelines, arrows, notes. A crash
 * is a note with a cross, a loss an arrow with a cross, PREPARE a half circle.
 * @param more  tells the reader where the omitted steps of a long diagram are
 * @see mermaid.js.org/syntax/sequenceDiagram.html
 */
export function renderMermaid({ lifelines, steps }: SequenceModel, more: string): string {
  const shown = steps.slice(0, STEPS_SHOWN_MAX);
  const drawn = usedLifelines(lifelines, shown);
  const lines = [...drawn.map(participant), ...shown.map(stepLine)];
  if (shown.length < steps.length) lines.push(leftOut(drawn, steps.length - shown.length, more));
  return ['sequenceDiagram', 'autonumber', ...lines].join('\n    ').concat('\n');
}

function participant({ id, kind }: Lifeline): string {
  const name = nameOf(id);
  const shown = name === id ? '' : ` as ${escaped(id)}`;
  return `${kind === 'client' ? 'actor' : 'participant'} ${name}${shown}`;
}

/** Mermaid parses a hyphen in a name as the beginning of an arrow. */
function nameOf(id: string): string {
  return id.replaceAll(/[^A-Za-z0-9]/g, '_');
}

/** Symbols that repeat the word of the text for quick reading. */
const SYMBOLS: Partial<Record<StepKind, string>> = {
  refusal: '✗',
  compensation: '⟲',
  retry: '↻',
  duplicate: '↻',
  prepared: '◐',
  rollback: '↶',
  crash: '✗',
  restart: '↻',
  pause: '‖',
  resume: '▷',
  'in-doubt': '?',
};

function stepLine({ kind, from, to, text }: SequenceStep): string {
  const symbol = SYMBOLS[kind];
  const label = labelOf(symbol === undefined ? text : `${symbol} ${text}`);
  if (from === to) return `Note over ${nameOf(from)}: ${label}`;
  return `${nameOf(from)}${arrowOf(kind, from, to)}${nameOf(to)}: ${label}`;
}

/** Dashed for a response, open for an asynchronous message, with a cross for a loss. */
function arrowOf(kind: StepKind, from: string, to: string): string {
  if (kind === 'lost') return '-x';
  if (kind === 'message' || from === 'kafka' || to === 'kafka') return '-)';
  const isBack = kind === 'answer' || (kind === 'refusal' && !to.endsWith('-db'));
  return isBack || to === 'client' ? '-->>' : '->>';
}

function leftOut(lifelines: readonly Lifeline[], count: number, more: string): string {
  const ends = [lifelines.at(0), lifelines.at(-1)].flatMap((end) => (end ? nameOf(end.id) : []));
  const label = labelOf(`${count} more steps are left out: ${more}`);
  return `Note over ${[...new Set(ends)].join(',')}: ${label}`;
}

function labelOf(text: string): string {
  const cut = text.length > LABEL_CHARS_MAX ? `${text.slice(0, LABEL_CHARS_MAX)}…` : text;
  return wrapText(cut, LABEL_COLUMNS).map(escaped).join('<br/>');
}

/**
 * Escapes text for Mermaid, which parses `;` as the end of a line, `#` as the beginning of an
 * entity, `%%` as a comment, `$$` as a formula, `<` as HTML, and a leading `:` as syntax.
 */
function escaped(text: string): string {
  return text
    .replaceAll(/[;#%$<>&{}\\]/g, (character) => `#${character.codePointAt(0)};`)
    .replaceAll(/\s+/g, ' ');
}
