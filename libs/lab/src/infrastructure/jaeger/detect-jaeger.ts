import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Environment, Infrastructure, JaegerAddresses } from '../provider.ts';

// Long enough for a busy machine. A port without a listener refuses at once.
const ANSWER_MS = 1_000;

/** Jaeger's default addresses. */
const USUAL = {
  uiUrl: 'http://127.0.0.1:16686',
  otlpUrl: 'http://127.0.0.1:4318',
  thriftUrl: 'http://127.0.0.1:14268',
} as const satisfies JaegerAddresses;

/** The file with the addresses of the Jaeger that `scenario jaeger` started. */
export function jaegerFile(root: string): string {
  return join(root, '.lab', 'jaeger.json');
}

/**
 * Searches for a Jaeger that answers queries and accepts spans: at the addresses that the
 * environment names, or else at the addresses of this checkout's Jaeger, or else at the default
 * addresses. Traces are optional, so after any error the result is null.
 */
export async function detectJaeger(
  env: Environment,
  root: string,
): Promise<Infrastructure['jaeger']> {
  const named = namedJaeger(env);
  const candidates = named ? [named] : [await ownJaeger(root), USUAL];
  for (const addresses of candidates) {
    if (addresses !== null && (await jaegerAnswers(addresses))) return addresses;
  }
  return null;
}

/** The addresses that the environment names, with defaults for the others. Pure. */
export function namedJaeger(env: Environment): JaegerAddresses | null {
  const named = {
    uiUrl: env['INDOUBT_JAEGER_URL'],
    otlpUrl: env['INDOUBT_OTLP_URL'],
    thriftUrl: env['INDOUBT_THRIFT_URL'],
  };
  if (!Object.values(named).some(Boolean)) return null;
  return {
    uiUrl: named.uiUrl || USUAL.uiUrl,
    otlpUrl: named.otlpUrl || USUAL.otlpUrl,
    thriftUrl: named.thriftUrl || USUAL.thriftUrl,
  };
}

const ADDRESSES: z.ZodType<JaegerAddresses> = z.object({
  uiUrl: z.string(),
  otlpUrl: z.string(),
  thriftUrl: z.string().exactOptional(),
});

async function ownJaeger(root: string): Promise<JaegerAddresses | null> {
  try {
    return ADDRESSES.parse(JSON.parse(await readFile(jaegerFile(root), 'utf8')));
  } catch {
    return null; // no Jaeger was started, or the start has not ended
  }
}

/** Whether Jaeger answers queries and accepts spans by one of the two protocols. */
export async function jaegerAnswers(addresses: JaegerAddresses): Promise<boolean> {
  const { uiUrl, otlpUrl, thriftUrl } = addresses;
  const noSpans = {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"resourceSpans":[]}',
  };
  const [queries, otlp, thrift] = await Promise.all([
    probe(`${uiUrl}/api/services`),
    probe(`${otlpUrl}/v1/traces`, noSpans),
    // An empty body is refused. The refusal shows that the endpoint exists.
    thriftUrl === undefined ? null : probe(`${thriftUrl}/api/traces`, { method: 'POST' }),
  ]);
  return queries === 'yes' && (otlp === 'yes' || thrift !== null);
}

async function probe(url: string, init: RequestInit = {}): Promise<'yes' | 'no' | null> {
  try {
    const response = await fetch(url, { ...init, signal: AbortSignal.timeout(ANSWER_MS) });
    await response.body?.cancel();
    return response.ok ? 'yes' : 'no';
  } catch {
    return null;
  }
}
