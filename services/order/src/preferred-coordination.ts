import type { Coordination } from '@indoubt/contracts';
import type { Switches } from '@indoubt/two-phase-commit';

/** How the client prefers its order to be placed. Missing fields are settings of the service. */
export interface PreferredCoordination extends Partial<Switches> {
  coordination?: Coordination;
}

/**
 * Reads `Prefer: coordination=2pc; presume=nothing; branches=sequential; last-resource` (RFC 7240).
 * Invalid parts are ignored, as the RFC requires.
 */
export function preferredCoordination(prefer: string | undefined): PreferredCoordination {
  const wanted = (prefer ?? '').split(',').find((each) => /^\s*coordination\s*=/i.test(each)) ?? '';
  const value = (name: string): string | undefined =>
    new RegExp(`(?:^|;)\\s*${name}\\s*=\\s*"?([\\w-]+)"?\\s*(?:;|$)`, 'i').exec(wanted)?.[1];
  const coordination = oneOf(value('coordination'), ['saga', '2pc'] as const);
  if (coordination === undefined) return {};
  const presume = oneOf(value('presume'), ['abort', 'nothing'] as const);
  const branches = oneOf(value('branches'), ['parallel', 'sequential'] as const);
  const lastResource = /;\s*last-resource\s*(;|$)/i.test(wanted);
  return {
    coordination,
    ...(presume !== undefined && { presume }),
    ...(branches !== undefined && { branches }),
    ...(lastResource && { lastResource }),
  };
}

function oneOf<Value extends string>(
  value: string | undefined,
  values: readonly Value[],
): Value | undefined {
  return values.find((each) => each === value?.toLowerCase());
}
