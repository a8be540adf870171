import { didYouMean, Failure } from '@indoubt/failure';
import { externalRequirements } from '../infrastructure/external/external-addresses.ts';
import type { Environment } from '../infrastructure/provider.ts';

/** Every variable of ours that the lab reads. */
const KNOWN = [
  ...externalRequirements({}).map(({ what }) => what.split(' ')[0] ?? ''),
  'INDOUBT_JAEGER_URL',
  'INDOUBT_OTLP_URL',
  'INDOUBT_THRIFT_URL',
  'INDOUBT_INFRA',
  'INDOUBT_COORDINATION',
];
// Read by docker-compose.yml when a person starts it by hand.
const OF_COMPOSE = /^INDOUBT_(DATABASE_PASSWORD|[A-Z]+(_[A-Z]+)*_PORT)$/;

/**
 * A variable with a slip in its name would be ignored in silence: other servers would be used.
 * @throws Failure 'invalid-config' (definite) that suggests the nearest name
 */
export function checkVariables(env: Environment): void {
  for (const name of Object.keys(env)) {
    if (!name.startsWith('INDOUBT_') || KNOWN.includes(name) || OF_COMPOSE.test(name)) continue;
    const hint = didYouMean(name, KNOWN);
    const next = `Next: correct or unset it; the lab reads ${KNOWN.join(', ')}.`;
    throw new Failure('invalid-config', `${name} is set, and nothing reads it.${hint}\n${next}`);
  }
}
