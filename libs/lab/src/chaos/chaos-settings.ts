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

export const NO_CHAOS: ChaosSettings = { rules: '', seed: 1, control: false, links: false };
