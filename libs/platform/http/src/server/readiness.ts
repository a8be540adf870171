import { Failure } from '@indoubt/failure';
import { RefusedRequest } from '../problems/problem-details.ts';

/** Checks each part that a service needs. @returns by the name of the part, whether it answers */
export type Ready = () => Promise<Record<string, boolean>>;

// A part that takes longer would not serve an order in time either.
const READY_WITHIN_MS = 2_000;

/**
 * Checks whether the service can do its work now.
 * @throws RefusedRequest 'service-unavailable' naming the parts that do not answer; Failure of the
 *   same code when the check itself fails
 */
export async function checkReady(
  ready: Ready,
  withinMs: number = READY_WITHIN_MS,
): Promise<Record<string, boolean>> {
  const parts = await bounded(ready, withinMs);
  const missing = Object.keys(parts).filter((part) => parts[part] !== true);
  if (missing.length === 0) return parts;
  throw new RefusedRequest(
    'service-unavailable',
    `Not ready: ${missing.join(', ')} does not answer.`,
  );
}

async function bounded(ready: Ready, withinMs: number): Promise<Record<string, boolean>> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    const detail = `Not ready: no answer about readiness within ${withinMs} ms.`;
    timer = setTimeout(() => reject(new RefusedRequest('service-unavailable', detail)), withinMs);
  });
  try {
    return await Promise.race([ready(), late]);
  } catch (error) {
    if (error instanceof RefusedRequest) throw error;
    const text = error instanceof Error ? error.message : String(error);
    throw new Failure('service-unavailable', `Not ready: ${text}`, { cause: error });
  } finally {
    clearTimeout(timer);
  }
}
