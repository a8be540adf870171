import type { Flood, FloodResult, PostAnswer, ScenarioClient } from './scenario-client.ts';

/**
 * Places orders from many clients at once. Each client sends its next order as soon as it has an
 * answer, whatever the answer is: no client waits, and no client retries.
 * @returns once every client has its last answer
 */
export async function flood(
  client: Pick<ScenarioClient, 'post'>,
  { clients, forMs, order }: Flood,
  signal: AbortSignal,
): Promise<FloodResult> {
  const until = performance.now() + forMs;
  const answers: CountedAnswer[] = [];
  let sent = 0;
  const sendOrders = async (): Promise<void> => {
    while (performance.now() < until) {
      signal.throwIfAborted();
      const n = sent;
      sent += 1;
      answers.push(counted(await client.post(order(n))));
    }
  };
  await Promise.all(Array.from({ length: clients }, sendOrders));
  return { sent, ...summed(answers) };
}

/** The counted part of an answer. The rest is dropped, because there are many answers. */
interface CountedAnswer {
  status: string;
  /** Milliseconds; null without an answer. */
  latencyMs: number | null;
  accepted: string | null;
}

function counted({ status, code, latencyMs, orderId }: PostAnswer): CountedAnswer {
  if (status === null) return { status: 'none', latencyMs: null, accepted: null };
  const accepted = code === undefined ? (orderId ?? null) : null;
  return { status: code === undefined ? `${status}` : `${status} ${code}`, latencyMs, accepted };
}

function summed(answers: readonly CountedAnswer[]): Omit<FloodResult, 'sent'> {
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
