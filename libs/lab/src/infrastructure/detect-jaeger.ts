import type { Environment, Infrastructure } from './provider.ts';

// Generous for a program on this machine, short for a person who has none.
const ANSWER_MS = 200;

/**
 * Looks whether a Jaeger takes OTLP over HTTP and answers queries, by default where it usually
 * does on this machine. Traces are a bonus: whatever goes wrong here, the answer is null.
 */
export async function detectJaeger(env: Environment): Promise<Infrastructure['jaeger']> {
  const uiUrl = env['INDOUBT_JAEGER_URL'] || 'http://127.0.0.1:16686';
  const otlpUrl = env['INDOUBT_OTLP_URL'] || 'http://127.0.0.1:4318';
  const noSpans = {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"resourceSpans":[]}',
  };
  const both = await Promise.all([
    succeeds(`${uiUrl}/api/services`),
    succeeds(`${otlpUrl}/v1/traces`, noSpans),
  ]);
  return both.every(Boolean) ? { uiUrl, otlpUrl } : null;
}

async function succeeds(url: string, init: RequestInit = {}): Promise<boolean> {
  try {
    const response = await fetch(url, { ...init, signal: AbortSignal.timeout(ANSWER_MS) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}
