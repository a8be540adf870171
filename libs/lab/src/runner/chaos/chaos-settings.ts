import type { ChaosRule } from '@indoubt/chaos';

/** The faults of a lab, and whether more can be armed while it runs. */
export interface ChaosSettings {
  /** Armed from the start. Each process gets only the rules that concern it. */
  rules: readonly ChaosRule[];
  /** The seed of faults with a probability. */
  seed: number;
  /** Whether the processes have their control endpoint. */
  control: boolean;
  /** Whether every connection goes through a link: costs a copy of each byte. */
  links: boolean;
}

/**
 * Splits off the faults of links, which are armed when the lab is up. Otherwise a process could
 * find no database at its start and end. Pure.
 * @returns the settings that the processes start with, and the rules that are armed afterwards
 */
export function armedLater(chaos: ChaosSettings): ChaosSettings & { later: ChaosRule[] } {
  const later = chaos.rules.filter(({ kind }) => kind === 'link');
  const rules = chaos.rules.filter(({ kind }) => kind !== 'link');
  const isLinked = later.length > 0;
  const { seed, control, links } = chaos;
  return { rules, later, seed, control: control || isLinked, links: links || isLinked };
}

export const NO_CHAOS: ChaosSettings = { rules: [], seed: 1, control: false, links: false };
