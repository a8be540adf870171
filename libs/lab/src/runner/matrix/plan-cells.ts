import { FAILPOINTS, type FailpointName } from '@indoubt/chaos';
import type { Coordination } from '@indoubt/contracts';
import { type Provocation, provocationOf } from './provocation.ts';

/** How the order of a cell ends without faults. */
export const OUTCOMES = ['confirmed', 'declined', 'out-of-stock'] as const;
export type Outcome = (typeof OUTCOMES)[number];

export const HITS = [1, 2] as const;

/** One experiment: a process dies at a crash point, at its n-th hit, while an order is placed. */
export interface Cell extends Provocation {
  coordination: Coordination;
  point: FailpointName;
  hit: number;
  outcome: Outcome;
}

export interface Wanted {
  coordinations: readonly Coordination[];
  /** A glob in which `*` matches any characters; default: all points. */
  points?: string;
  hits?: readonly number[];
  outcomes?: readonly Outcome[];
}

/** The selected cells, in the order of the catalogue. Pure. */
export function planCells({
  coordinations,
  points = '*',
  hits = HITS,
  outcomes = OUTCOMES,
}: Wanted): Cell[] {
  const fits = new RegExp(`^${points.split('*').map(escaped).join('.*')}$`);
  return coordinations.flatMap((coordination) =>
    FAILPOINTS.filter((point) => {
      return fits.test(point.name) && ['both', coordination].includes(point.coordination);
    }).flatMap(({ name: point }) =>
      outcomes.flatMap((outcome) =>
        hits.map((hit) => {
          return { coordination, point, hit, outcome, ...provocationOf(point, hit) };
        }),
      ),
    ),
  );
}

/**
 * A sample of the cells: each point at its first hit with a confirmed order, which reaches every
 * point, and a random share of the other cells. Pure.
 */
export function sampleCells(cells: readonly Cell[], share: number, random: () => number): Cell[] {
  return cells.filter(({ hit, outcome }) => {
    return (hit === 1 && outcome === 'confirmed') || random() < share;
  });
}

/** The command that repeats one cell. Pure. */
export function repeatOf({ coordination, point, hit, outcome }: Cell): string {
  const which = `--coordination ${coordination} --points '${point}' --hits ${hit}`;
  return `./scenario matrix ${which} --outcomes ${outcome}`;
}

function escaped(text: string): string {
  return text.replace(/[.+?^${}()|[\]\\]/g, '\\$&');
}
