import { formatAt, formatMs } from '../format-ms.ts';
import type { ReportSpan } from '../report-data.ts';
import type { Gap, WaterfallRow } from '../waterfall-layout.ts';
import { EventLink } from './event-link.tsx';
import { Icon } from './icon.tsx';
import { useView } from './view.ts';

/** One span: its name in the tree, its bar, and its details once it is chosen. */
export function SpanRow({ row, isChosen }: { row: WaterfallRow; isChosen: boolean }) {
  const { selectSpan } = useView();
  const { span, depth, gap, tookMs } = row;
  const died = tookMs === null;
  const state = died ? 'crash' : span.error === null ? undefined : 'refused';
  return (
    <li>
      <button
        type="button"
        class={`span ${classOf(row)}`}
        aria-expanded={isChosen}
        aria-current={isChosen ? 'true' : undefined}
        data-span={span.spanId}
        onClick={() => selectSpan(span.spanId)}
      >
        <span class="name" style={{ paddingInlineStart: `${Math.min(depth, 12) * 12}px` }}>
          {state !== undefined && <Icon shape={state} word={died ? 'died in' : 'failed:'} />}
          <b>{span.process}</b> {span.name}
        </span>
        <span class="took">{died ? 'died' : formatMs(tookMs)}</span>
        <span class="track">
          {gap !== null && (
            <>
              <span class="gap" style={shareOf(gap.from, gap.width)} />
              <span class="gap-says" style={besideBar(row, gap)}>
                {formatMs(gap.ms)} {gap.why}
              </span>
            </>
          )}
          <span class="bar" style={shareOf(row.from, row.width)} />
        </span>
      </button>
      {isChosen && <SpanDetails span={span} />}
    </li>
  );
}

/** A wait in the outbox is a span without work. */
function classOf({ span, tookMs }: WaterfallRow): string {
  if (tookMs === null) return 'is-dead';
  if (span.error !== null) return 'is-failed';
  return span.name.startsWith('outbox wait') ? 'is-wait' : '';
}

function shareOf(from: number, width: number) {
  return { left: `${from * 100}%`, width: `${width * 100}%` };
}

/** The label is right of the bar where there is room, else left of the gap. */
function besideBar({ from, width }: WaterfallRow, gap: Gap) {
  const end = from + width;
  return end < 0.75
    ? { left: `calc(${end * 100}% + 6px)` }
    : { right: `calc(${(1 - gap.from) * 100}% + 6px)` };
}

function SpanDetails({ span }: { span: ReportSpan }) {
  const attributes = Object.entries(span.attributes);
  return (
    <div class="span-details">
      <p>
        {formatAt(span.startMs)} to {span.endMs === null ? 'its death' : formatAt(span.endMs)}
        {span.error !== null && <strong> {span.error}</strong>}
      </p>
      {span.events.length > 0 && (
        <p>
          Events in it:{' '}
          {span.events.map((event) => (
            <EventLink key={event} event={event} />
          ))}
        </p>
      )}
      {span.links.length > 0 && (
        <p>
          Comes from:{' '}
          {span.links.map(({ spanId }) => (
            <LinkedSpan key={spanId} spanId={spanId} />
          ))}
        </p>
      )}
      {attributes.length > 0 && (
        <table>
          <caption>Attributes</caption>
          <tbody>
            {attributes.map(([name, value]) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td>{String(value)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </div>
  );
}

function LinkedSpan({ spanId }: { spanId: string }) {
  const { data, selectSpan } = useView();
  const span = data.spans.find((each) => each.spanId === spanId);
  if (span === undefined) return <code>{spanId}</code>;
  return (
    <button type="button" class="link" onClick={() => selectSpan(spanId)}>
      {span.process} {span.name}
    </button>
  );
}
