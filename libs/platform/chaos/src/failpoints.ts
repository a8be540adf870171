import { WINDOWS, type Window } from './windows.ts';

export type WindowName = keyof typeof WINDOWS;
type NameOf<W extends WindowName> = `${(typeof WINDOWS)[W]['of'][number]}:${W}`;
/** A window of one process, e.g. `payment:handled-not-acknowledged`. */
export type FailpointName = { [W in WindowName]: NameOf<W> }[WindowName];

export interface Failpoint extends Omit<Window, 'of'> {
  name: FailpointName;
  process: string;
  window: WindowName;
}

/** The catalogue: one entry for each process and window, in the order in which they are passed. */
export const FAILPOINTS: readonly Failpoint[] = Object.entries(WINDOWS).flatMap(
  ([window, { of, coordination, happened, not }]) =>
    of.map((process) => ({
      name: `${process}:${window}` as FailpointName,
      process,
      window: window as WindowName,
      coordination,
      happened,
      not,
    })),
);
