import express, { type RequestHandler } from 'express';
import { RefusedRequest } from '../problems/problem-details.ts';
import { parseStrictJson } from './strict-json.ts';

const BODY_BYTES_MAX = 64 * 1024;
const JSON_ONLY = /^application\/json\s*(?:;\s*charset\s*=\s*"?utf-8"?\s*)?$/i;

const onlyJson: RequestHandler = (request, response, next) => {
  const { headers } = request;
  const isEmpty =
    headers['transfer-encoding'] === undefined && Number(headers['content-length'] ?? 0) === 0;
  if (isEmpty) return next();
  const type = headers['content-type'] ?? 'no content type';
  if (!JSON_ONLY.test(type)) {
    const detail = `The body has ${type}: send JSON in UTF-8 with Content-Type application/json.`;
    throw new RefusedRequest('unsupported-media-type', detail, { Accept: 'application/json' });
  }
  // A client that waits for 100 Continue does not send a body that is refused above.
  if (headers.expect !== undefined) response.writeContinue();
  next();
};

const readBytes = express.raw({ type: () => true, limit: BODY_BYTES_MAX, inflate: false });

const readJson: RequestHandler = (request, _response, next) => {
  const bytes: unknown = request.body;
  request.body = bytes instanceof Uint8Array ? parseStrictJson(bytes) : undefined;
  next();
};

/** Reads a body into `request.body`; undefined when there is none. */
export const readBody: RequestHandler[] = [onlyJson, readBytes, readJson];
