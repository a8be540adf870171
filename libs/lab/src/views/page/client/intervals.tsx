import { formatAt, formatMs } from '../format-ms.ts';
import { CellValue } from './cell-value.tsx';
import { EventLink } from './event-link.tsx';
import { Icon } from './icon.tsx';
import { Scroller, Section } from './section.tsx';
import { useView } from './view.ts';

interface Interval {
  kind: 'in-doubt' | 'lock';
  owner: string;
  what: string;
  why: string;
  fromMs: number;
  untilMs: number | null;
  event: number | null;
}

/** Prepared transactions and lock waits over time. */
export function Intervals() {
  const { shown } = useView();
  const intervals: Interval[] = [
    ...shown.prepared.map((each) => ({
      ...each,
      kind: 'in-doubt' as const,
      what: each.gid,
      why: 'prepared',
    })),
    ...shown.locks.map((each) => ({
      ...each,
      kind: 'lock' as const,
      what: each.statement,
      why: `waits for ${each.heldBy}`,
    })),
  ];
  if (intervals.length === 0) return null;
  const fromMs = Math.min(...intervals.map((each) => each.fromMs));
  const ends = intervals.flatMap(({ untilMs }) => untilMs ?? []);
  const untilMs = Math.max(fromMs + 1, shown.events.at(-1)?.atMs ?? 0, ...ends);
  return (
    <Section
      id="locks"
      title="Prepared transactions and locks"
      lead={`From ${formatAt(fromMs)} to ${formatAt(untilMs)}, as seen by polls of the databases.`}
    >
      <Scroller label="Prepared transactions and locks">
        <table class="intervals">
          <caption class="unseen">Prepared transactions and lock waits over time</caption>
          <thead>
            <tr>
              <th scope="col">database</th>
              <th scope="col">what</th>
              <th scope="col">from</th>
              <th scope="col">for</th>
              <th scope="col">over time</th>
            </tr>
          </thead>
          <tbody>
            {intervals.map((interval, index) => (
              <IntervalRow key={index} {...{ interval, fromMs, untilMs }} />
            ))}
          </tbody>
        </table>
      </Scroller>
    </Section>
  );
}

function IntervalRow(props: { interval: Interval; fromMs: number; untilMs: number }) {
  const { selected } = useView();
  const { kind, owner, what, why, fromMs, untilMs, event } = props.interval;
  const share = (ms: number) => ((ms - props.fromMs) / (props.untilMs - props.fromMs)) * 100;
  const endMs = untilMs ?? props.untilMs;
  const now = selected === null ? -1 : share(selected.atMs);
  return (
    <tr>
      <th scope="row">{owner}</th>
      <td>
        <Icon shape={kind} /> <CellValue value={what} /> {why}
      </td>
      <td>
        <EventLink event={event} atMs={fromMs} />
      </td>
      <td class="when">
        {untilMs === null ? 'still there at the end' : formatMs(untilMs - fromMs)}
      </td>
      <td class="over-time">
        <span class="track" aria-hidden="true">
          <span
            class={`bar is-${kind}`}
            style={{
              left: `${share(fromMs)}%`,
              width: `${Math.max(share(endMs) - share(fromMs), 0.5)}%`,
            }}
          />
          {now >= 0 && now <= 100 && <span class="now-line" style={{ left: `${now}%` }} />}
        </span>
      </td>
    </tr>
  );
}
