import { jaegerRequirement, type StartedJaeger, startJaeger } from '@indoubt/lab';
import { afterAll, beforeAll, vi } from 'vitest';
import { scaled } from '../runner/slowness.ts';
import { root } from './shared-servers.ts';

/** A span as Jaeger's query API returns it. */
export interface JaegerSpan {
  service: string;
  name: string;
  spanId: string;
  /** Undefined for a root. */
  parentSpanId: string | undefined;
  /** Span ids in other traces, as `trace/span`. */
  links: string[];
  startUs: number;
  durationUs: number;
  tags: Record<string, string | number | boolean>;
}

const BUILD_MS = 10 * 60_000;
const STORED_WITHIN_MS = scaled(10_000);

/** Whether Jaeger can be run here. If not, prints that its tests are skipped, and why. */
export async function canHaveJaeger(): Promise<boolean> {
  const { what, found, howToGet } = await jaegerRequirement(root);
  if (found === null) process.stderr.write(`SKIPPED: no ${what}. Next: ${howToGet}.\n`);
  return found !== null;
}

/**
 * A Jaeger for the tests of one file. It is built first if needed.
 * @param isPossible  false: no Jaeger is started, and all tests of the file are skipped
 * @returns the running Jaeger; throws before the tests run
 */
export function ownJaeger(isPossible: boolean): () => StartedJaeger {
  let jaeger: StartedJaeger | undefined;
  beforeAll(async () => {
    if (isPossible) jaeger = await anotherJaeger();
  }, BUILD_MS);
  afterAll(() => jaeger?.stop());
  return () => {
    if (jaeger === undefined) throw new Error('Jaeger runs while tests run, not before');
    return jaeger;
  };
}

export function anotherJaeger(): Promise<StartedJaeger> {
  const { signal } = new AbortController();
  const progress = (line: string): void => void process.stderr.write(`  ${line}\n`);
  return startJaeger({ root, signal, progress });
}

interface Answer {
  data: {
    processes: Record<string, { serviceName: string }>;
    spans: {
      operationName: string;
      spanID: string;
      processID: string;
      startTime: number;
      duration: number;
      references: { refType: string; traceID: string; spanID: string }[];
      tags: { key: string; value: string | number | boolean }[];
    }[];
  }[];
}

/** Polls Jaeger until the trace has this many spans: Jaeger accepts spans before it stores them. */
export function traceIn(
  { addresses }: StartedJaeger,
  traceId: string,
  spans: number,
): Promise<JaegerSpan[]> {
  return vi.waitFor(
    async () => {
      const response = await fetch(`${addresses.uiUrl}/api/traces/${traceId}`);
      const found = spansIn((await response.json()) as Answer, traceId);
      if (found.length !== spans) throw new Error(`${found.length} spans of ${spans} are there`);
      return found;
    },
    { timeout: STORED_WITHIN_MS, interval: 50 },
  );
}

function spansIn({ data }: Answer, traceId: string): JaegerSpan[] {
  const [trace] = data ?? [];
  return (trace?.spans ?? []).map((span) => {
    const isParent = ({ refType, traceID }: (typeof span.references)[number]): boolean =>
      refType === 'CHILD_OF' && traceID === traceId;
    return {
      service: trace?.processes[span.processID]?.serviceName ?? '',
      name: span.operationName,
      spanId: span.spanID,
      parentSpanId: span.references.find(isParent)?.spanID,
      links: span.references
        .filter((reference) => !isParent(reference))
        .map(({ traceID, spanID }) => `${traceID}/${spanID}`)
        .toSorted(),
      startUs: span.startTime,
      durationUs: span.duration,
      tags: Object.fromEntries(span.tags.map(({ key, value }) => [key, value])),
    };
  });
}
