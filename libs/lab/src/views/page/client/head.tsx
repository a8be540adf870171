import { useRef, useState } from 'preact/hooks';
import { formatMs } from '../format-ms.ts';
import type { ReportData } from '../report-data.ts';
import { Icon, type Shape } from './icon.tsx';

const VERDICTS: Record<ReportData['verdict'], { shape: Shape; word: string }> = {
  holds: { shape: 'good', word: 'holds' },
  broken: { shape: 'crash', word: 'broken' },
  unknown: { shape: 'in-doubt', word: 'unknown' },
};

/** The scenario, the verdict, and the command that repeats the run. */
export function Head({ data, level }: { data: ReportData; level: 1 | 2 }) {
  const Title = `h${level}` as const;
  const { shape, word } = VERDICTS[data.verdict];
  return (
    <div class="head">
      <Title class="scenario">{data.scenario}</Title>
      <p class="facts">
        <span class={`verdict is-${data.verdict}`}>
          <Icon shape={shape} /> {word}
        </span>
        <span>{data.coordination === 'saga' ? 'saga' : 'two-phase commit'}</span>
        <span>seed {data.seed}</span>
        <span>{ordersOf(data)}</span>
        {data.leftOut.length > 0 && <span>(some parts are left out: see Left out)</span>}
        <span>{formatMs(data.durationMs)}</span>
        <time dateTime={data.startedAt}>{data.startedAt.replace('T', ' ').slice(0, 19)} UTC</time>
      </p>
      {data.problem !== null && <p class="problem">{data.problem}</p>}
      {data.about !== null && (
        <dl class="about">
          <div>
            <dt>Story</dt>
            <dd>{data.about.story}</dd>
          </div>
          <div>
            <dt>Fault</dt>
            <dd>{data.about.fault}</dd>
          </div>
          <div>
            <dt>What it teaches</dt>
            <dd>{data.about.teaches}</dd>
          </div>
        </dl>
      )}
      <Again command={data.again} />
    </div>
  );
}

/** The number of orders; for very many orders, also how many of them the page shows. */
function ordersOf({ orders, orderCount }: ReportData): string {
  const all = `${orderCount} ${orderCount === 1 ? 'order' : 'orders'}`;
  return orders.length < orderCount ? `${all}, ${orders.length} of them on this page` : all;
}

/** The command that repeats the run. Without access to the clipboard, its text is selected. */
function Again({ command }: { command: string }) {
  const code = useRef<HTMLElement>(null);
  const [said, setSaid] = useState('');
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(command);
      setSaid('copied');
    } catch {
      if (code.current !== null) getSelection()?.selectAllChildren(code.current);
      setSaid('selected: now copy it with the keyboard');
    }
  };
  return (
    <p class="again">
      <span class="label">Run it again</span>
      <code ref={code}>{command}</code>
      <button type="button" onClick={() => void copy()}>
        Copy
      </button>
      <span role="status">{said}</span>
    </p>
  );
}
