import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Environment, Infrastructure, JaegerAddresses } from '../provider.ts';

// Long enough on a machine that is busy; where nothing listens the refusal comes at once.
const ANSWER_MS = 1_000;

/** Where Jaeger usually is. */
const USUAL = {
  uiUrl: 'http://127.0.0.1:16686',
  otlpUrl: 'http://127.0.0.1:4318',
  thriftUrl: 'http://127.0.0.1:14268',
} as const satisfies JaegerAddresses;

/** The file in which `scenario jaeger` says where the one that it started is. */
export function jaegerFile(root: string): string {
  return join(root, '.lab', 'jaeger.json');
}

/**
 * Looks for a Jaeger that answers queries and takes spans: the one that the environment names, or
 * else the one that `scenario jaeger` started in this checkout, or else one where it usually is.
 * Traces are a bonus: whatever goes wrong here, the answer is null.
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

/** The one that the environment names, with the usual address for what it leaves out. Pure. */
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
    return null; // none was started, or one is being started just now
  }
}

/** Whether queries are answered there, and spans are taken by one of the two protocols. */
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
    // Nothing is no batch of spans: it says so, and so it is there.
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
