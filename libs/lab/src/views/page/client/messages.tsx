import { placeAt } from '../place-at.ts';
import type { ReportMessage } from '../report-data.ts';
import { CellValue } from './cell-value.tsx';
import { EventLink } from './event-link.tsx';
import { More } from './more.tsx';
import { Scroller, Section } from './section.tsx';
import { useWindow } from './use-window.ts';
import { useView } from './view.ts';

const MESSAGES_AT_ONCE = 40;

/** Outbox and inbox: the places of each message over time. */
export function Messages() {
  const { shown, place, isPrinting } = useView();
  const { messages } = shown;
  const at = messages.findIndex(({ places }) => places.some(({ event }) => event === place.event));
  const stretch = useWindow(messages, place.event === null ? -1 : at, MESSAGES_AT_ONCE, isPrinting);
  if (messages.length === 0) return null;
  return (
    <Section
      id="messages"
      title="Outbox and inbox"
      lead="The places of each message over time. Marked: its place at the selected event."
    >
      <More count={stretch.before} what="earlier" onClick={stretch.showBefore} />
      <Scroller label="Messages">
        <table class="messages">
          <caption class="unseen">Messages and their places over time</caption>
          <thead>
            <tr>
              <th scope="col">message</th>
              <th scope="col">from the outbox of</th>
              <th scope="col">places over time</th>
              <th scope="col">row of the inbox</th>
            </tr>
          </thead>
          <tbody>
            {stretch.items.map((message) => (
              <MessageRow key={`${message.owner} ${message.messageId}`} message={message} />
            ))}
          </tbody>
        </table>
      </Scroller>
      <More count={stretch.after} what="later" onClick={stretch.showAfter} />
    </Section>
  );
}

function MessageRow({ message }: { message: ReportMessage }) {
  const { selected, data } = useView();
  const here = selected === null ? null : placeAt(message, selected);
  return (
    <tr>
      <th scope="row">
        {message.step}
        {data.orders.length > 1 && message.order !== null && (
          <span class="order-label">{message.order}</span>
        )}
        <span class="topic">to {message.topic}</span>
      </th>
      <td>{message.owner}</td>
      <td>
        <ol class="track-of-message">
          {message.places.map((place, index) => (
            <li key={index} class={`is-${place.place}${place === here ? ' is-here' : ''}`}>
              <span class="place">
                {place.place}
                {place === here && <span class="unseen"> (here at the selected event)</span>}
              </span>{' '}
              <EventLink event={place.event} atMs={place.atMs} />
              {place.note !== '' && <span class="note">{place.note}</span>}
            </li>
          ))}
        </ol>
      </td>
      <td>
        <Inbox row={message.inbox} />
      </td>
    </tr>
  );
}

function Inbox({ row }: { row: ReportMessage['inbox'] }) {
  const { isPrinting } = useView();
  if (row === null) return <span class="null">none</span>;
  return (
    <details open={isPrinting}>
      <summary>{String(row['step'] ?? 'row')}</summary>
      <dl class="inbox">
        {Object.entries(row).map(([column, value]) => (
          <div key={column}>
            <dt>{column}</dt>
            <dd>
              <CellValue value={value} />
            </dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
