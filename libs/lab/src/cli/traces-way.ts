import { didYouMean, Failure } from '@indoubt/failure';
import { TRACES_WAYS, type TracesWay } from '@indoubt/record';
import type { Environment } from '../infrastructure/provider.ts';

/**
 * What TRACES says: how the traces of a run are handed over. Unset or empty, it is OTLP.
 * @throws Failure 'invalid-config' (definite) that suggests the nearest value
 */
export function tracesWay(env: Environment): TracesWay {
  const given = env['TRACES'] || 'otlp';
  const way = TRACES_WAYS.find((each) => each === given);
  if (way !== undefined) return way;
  const expected = `Next: one of ${TRACES_WAYS.join(', ')}, or unset it for otlp.`;
  const what = `TRACES is '${given}'.${didYouMean(given, TRACES_WAYS)}`;
  throw new Failure('invalid-config', `${what}\n${expected}`);
}
