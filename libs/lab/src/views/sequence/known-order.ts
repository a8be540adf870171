import { Failure } from '@indoubt/failure';

const SHOWN = 8;

/**
 * The label of an order of the run.
 * @param wanted  as typed: `a` is `A`
 * @throws Failure 'invalid-request' (definite) when the run has no such order; the error names the
 *   orders it has
 */
export function knownOrder(wanted: string, labels: ReadonlySet<string>): string {
  const label = wanted.toUpperCase();
  if (labels.has(label)) return label;
  const some = [...labels].slice(0, SHOWN).join(', ');
  const rest = labels.size > SHOWN ? ` and ${labels.size - SHOWN} more` : '';
  const there = labels.size === 0 ? 'this run has no orders' : `this run has ${some}${rest}`;
  throw new Failure('invalid-request', `no order ${wanted || '(empty)'}: ${there}.`);
}
