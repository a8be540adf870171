import type { ProviderName, Requirement } from './provider.ts';

export function missingOf(requirements: Requirement[]): Requirement[] {
  return requirements.filter(({ found }) => found === null);
}

/** The missing requirements of a provider, and how to get each. */
export function explainMissing(name: ProviderName, requirements: Requirement[]): string {
  const lines = missingOf(requirements).map(
    ({ what, howToGet }) => `  - needs ${what}\n    ${howToGet}`,
  );
  return [`${name} cannot start:`, ...lines].join('\n');
}
