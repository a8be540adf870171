import type { LabClient } from './lab-client.ts';
import type { Flood, Flooded, PostAnswer } from './scenario-client.ts';

/**
 * Places orders from many clients at once, each of which asks for the next as soon as it is
 * answered, whatever the answer is: none of them is patient, and none repeats a request.
 * @returns once the last of them has its answer
 */
export async function flood(
  client: Pick<LabClient, 'post'>,
  { clients, forMs, order, how = {} }: Flood,
  signal: AbortSignal,
): Promise<Flooded> {
  const until = performance.now() + forMs;
  const answers: Seen[] = [];
  let sent = 0;
  const one = async (): Promise<void> => {
    while (performance.now() < until) {
      signal.throwIfAborted();
      const n = sent;
      sent += 1;
      answers.push(seen(await client.post(order(n), how)));
    }
  };
  await Promise.all(Array.from({ length: clients }, one));
  return { sent, ...summed(answers) };
}

/** Of each answer no more than is counted: there are many. */
interface Seen {
  status: string;
  /** Null: there was none. */
  latencyMs: number | null;
  accepted: string | null;
}

function seen({ status, code, latencyMs, orderId }: PostAnswer): Seen {
  if (status === null) return { status: 'none', latencyMs: null, accepted: null };
  const accepted = code === undefined ? (orderId ?? null) : null;
  return { status: code === undefined ? `${status}` : `${status} ${code}`, latencyMs, accepted };
}

function summed(answers: readonly Seen[]): Omit<Flooded, 'sent'> {
  const sorted = answers.flatMap(({ latencyMs }) => latencyMs ?? []).toSorted((a, b) => a - b);
  const at = (share: number): number => {
    return Math.round(sorted[Math.ceil(share * sorted.length) - 1] ?? 0);
  };
  const byStatus = Map.groupBy(answers, ({ status }) => status);
  return {
    byStatus: Object.fromEntries([...byStatus].map(([status, all]) => [status, all.length])),
    latencies: { p50Ms: at(0.5), p95Ms: at(0.95), p99Ms: at(0.99), maxMs: at(1) },
    accepted: answers.flatMap(({ accepted }) => accepted ?? []),
  };
}
