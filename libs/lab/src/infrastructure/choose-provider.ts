import { Failure } from '@indoubt/failure';
import { dockerProvider } from './docker/docker.ts';
import { externalProvider } from './external/external.ts';
import { isExternalWanted } from './external/external-addresses.ts';
import { nativeProvider } from './native.ts';
import type { Environment, Provider, ProviderName } from './provider.ts';
import { explainMissing, missingOf } from './requirement.ts';

export type WantedProvider = 'auto' | ProviderName;

export interface ChooseOptions {
  wanted: WantedProvider;
  env: Environment;
  /** The checkout. */
  root: string;
}

/** Every provider, for `doctor`. */
export function allProviders({ env, root }: Omit<ChooseOptions, 'wanted'>): Provider[] {
  return [externalProvider(env), nativeProvider(env, root), dockerProvider()];
}

/**
 * Chooses the provider of the servers. `auto` chooses external as soon as one of its variables is
 * set, else native when its requirements are met, else docker.
 * @returns a provider whose requirements are met
 * @throws Failure 'infrastructure-unavailable' that lists, for each candidate, what is missing and
 *   how to get it
 */
export async function chooseProvider(options: ChooseOptions): Promise<Provider> {
  return firstComplete(candidates(options));
}

function candidates({ wanted, env, root }: ChooseOptions): Provider[] {
  const providers = allProviders({ env, root });
  if (wanted !== 'auto') return providers.filter(({ name }) => name === wanted);
  // One external variable excludes the other providers: a missing variable must be an error.
  const [external, ...others] = providers as [Provider, ...Provider[]];
  return isExternalWanted(env) ? [external] : [...others, external];
}

/** Checks one provider after the other, so that a machine with Java need not wait for Docker. */
export async function firstComplete(providers: Provider[]): Promise<Provider> {
  const gaps: string[] = [];
  for (const provider of providers) {
    const requirements = await provider.requirements();
    if (missingOf(requirements).length === 0) return provider;
    gaps.push(explainMissing(provider.name, requirements));
  }
  const what = 'The servers (PostgreSQL and Kafka) cannot be started on this machine.';
  const next = "Next: install what one of them needs. 'scenario doctor' shows all requirements.";
  throw new Failure('infrastructure-unavailable', [what, ...gaps, next].join('\n'));
}
