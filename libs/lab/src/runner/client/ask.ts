import { Failure } from '@indoubt/failure';

/** What a service answered to one request, whatever it was. */
export interface Answer {
  url: string;
  ok: boolean;
  status: number;
  body: unknown;
  /** The failure code, when the body is a problem document. */
  code: string | undefined;
  /** The header `Location`. */
  location: string | null;
  /** All headers, by their names in lower case. */
  headers: Record<string, string>;
}

/**
 * One HTTP request, its answer read to the end. A body that is no JSON is a string.
 * @param withinMs  milliseconds until it is given up
 * @param stop  the run's: aborted with it, this throws what it was aborted with
 * @throws Failure 'service-unavailable' (indefinite) when no whole answer came
 */
export async function ask(
  url: string,
  withinMs: number,
  stop: AbortSignal,
  init: RequestInit = {},
): Promise<Answer> {
  try {
    const signal = AbortSignal.any([stop, AbortSignal.timeout(withinMs)]);
    const response = await fetch(url, { ...init, signal });
    const { ok, status } = response;
    const headers = Object.fromEntries(response.headers);
    const isText = headers['content-type']?.startsWith('text/') ?? false;
    const body: unknown = isText ? await response.text() : await response.json();
    const { code } = (body ?? {}) as { code?: string };
    return { url, ok, status, body, code, location: headers['location'] ?? null, headers };
  } catch (error) {
    stop.throwIfAborted();
    const detail = `${init.method ?? 'GET'} ${url}: no answer; it may have happened`;
    throw new Failure('service-unavailable', detail, { cause: error });
  }
}
