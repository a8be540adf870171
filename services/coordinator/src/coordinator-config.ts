import { durationMs, processConfig, serviceSecret } from '@indoubt/http';
import { z } from 'zod';

const EXPECTED = 'name=http://host:port, several joined by commas';

/** `inventory=http://127.0.0.1:4001,payment=…`: names and addresses of the participants. */
const participants = z
  .string({ error: EXPECTED })
  .transform((list) => list.split(',').map((part) => part.trim().split('=')))
  .refine((pairs) => pairs.every(isPair), { error: EXPECTED })
  .transform((pairs) => new Map(pairs as [string, string][]));

function isPair([name = '', url = '', ...rest]: string[]): boolean {
  return rest.length === 0 && /^[a-z][a-z-]*$/.test(name) && /^https?:\/\/[^/]+$/.test(url);
}

export const coordinatorConfig = processConfig.extend({
  PARTICIPANTS: participants,
  /** Shared with the participants: no other client may begin a transaction or read a decision. */
  SERVICE_SECRET: serviceSecret,
  /** Milliseconds for the vote of a participant; then the transaction is aborted. */
  PREPARE_WITHIN_MS: durationMs.default(2_000),
});
