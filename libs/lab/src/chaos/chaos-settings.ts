import { type ChaosRule, parseChaos } from '@indoubt/failpoint';

/** The faults of a lab, and whether more can be armed while it runs. */
export interface ChaosSettings {
  /** Armed from the start, in the grammar of docs/chaos.md; each process takes what concerns it. */
  rules: string;
  /** What faults with a probability are drawn from. */
  seed: number;
  /** Whether the processes have their control endpoint. */
  control: boolean;
  /** Whether every connection goes through a link: costs a copy of each byte. */
  links: boolean;
}

/**
 * Faults of links are armed when the lab is up: a process that finds no database when it starts
 * ends, and there would be no lab to look at. Pure.
 * @returns the settings that the processes start with, and what is armed afterwards
 */
export function armedLater(chaos: ChaosSettings): { first: ChaosSettings; later: string } {
  const { rules, control, links } = chaos;
  const [ofLinks, others] = [true, false].map((wanted) =>
    parseChaos(rules).filter(({ kind }) => (kind === 'link') === wanted),
  );
  const later = textOf(ofLinks);
  const isLinked = later !== '';
  const first = {
    ...chaos,
    rules: textOf(others),
    control: control || isLinked,
    links: links || isLinked,
  };
  return { first, later };
}

function textOf(rules: ChaosRule[] = []): string {
  return rules.map(({ text }) => text).join('; ');
}

export const NO_CHAOS: ChaosSettings = { rules: '', seed: 1, control: false, links: false };
