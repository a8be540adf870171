import { didYouMean, Failure } from '@indoubt/failure';
import { externalRequirements } from '../infrastructure/external/external-addresses.ts';
import type { Environment } from '../infrastructure/provider.ts';

/** Every INDOUBT_ variable that the lab reads. */
const KNOWN = [
  ...externalRequirements({}).map(({ what }) => what.split(' ')[0] ?? ''),
  'INDOUBT_JAEGER_URL',
  'INDOUBT_OTLP_URL',
  'INDOUBT_THRIFT_URL',
  'INDOUBT_INFRA',
  'INDOUBT_COORDINATION',
];
// docker-compose.yml reads these variables when a person starts it by hand.
const OF_COMPOSE = /^INDOUBT_(DATABASE_PASSWORD|[A-Z]+(_[A-Z]+)*_PORT)$/;

/**
 * A misspelt variable would be ignored silently, and the lab would use other servers than meant.
 * @throws Failure 'invalid-config' (definite) that suggests the nearest name
 */
export function checkVariables(env: Environment): void {
  for (const name of Object.keys(env)) {
    if (!name.startsWith('INDOUBT_') || KNOWN.includes(name) || OF_COMPOSE.test(name)) continue;
    const hint = didYouMean(name, KNOWN);
    const next = `Next: correct the name or unset the variable. The lab reads ${KNOWN.join(', ')}.`;
    throw new Failure('invalid-config', `${name} is set, but nothing reads it.${hint}\n${next}`);
  }
}
