import { Failure } from '@indoubt/failure';

/** The answer of a service to one request, whatever its status is. */
export interface HttpAnswer {
  url: string;
  ok: boolean;
  status: number;
  /** The failure code, when the body is a problem document. */
  code: string | undefined;
  /** JSON, or a string. */
  body: unknown;
  /** By their names in lower case. */
  headers: Record<string, string>;
}

/**
 * Sends one HTTP request and reads the whole answer. The body is a string for text, else JSON.
 * @param withinMs  milliseconds until the request is given up
 * @param stop  the run's signal: when it is aborted, this throws the reason of the abort
 * @throws Failure 'service-unavailable' (indefinite) without a complete answer
 */
export async function httpRequest(
  url: string,
  withinMs: number,
  stop: AbortSignal,
  init: RequestInit = {},
): Promise<HttpAnswer> {
  try {
    const signal = AbortSignal.any([stop, AbortSignal.timeout(withinMs)]);
    const response = await fetch(url, { ...init, signal });
    const { ok, status } = response;
    const headers = Object.fromEntries(response.headers);
    const isText = headers['content-type']?.startsWith('text/') ?? false;
    const body: unknown = isText ? await response.text() : await response.json();
    const { code } = (body ?? {}) as { code?: string };
    return { url, ok, status, body, code, headers };
  } catch (error) {
    stop.throwIfAborted();
    const detail = `${init.method ?? 'GET'} ${url}: no answer; it may have happened`;
    throw new Failure('service-unavailable', detail, { cause: error });
  }
}
