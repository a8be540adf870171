import type { RecordLine } from '@indoubt/record';

/** The progress of a storm for a person. */
export interface StormProgress {
  onLine(line: RecordLine): void;
  onPhase(text: string): void;
}

/** Often enough for a terminal and rarely enough for a pipe. */
const SHOW_EVERY_MS = 3_000;

/** @param show  shows one line in place of the previous line */
export function createStormProgress(show: (text: string) => void): StormProgress {
  let phase = '';
  // By key, because retries belong to the same order.
  const orders = new Set<string | null>();
  let [confirmed, faults, deaths] = [0, 0, 0];
  let shownAt = 0;
  const update = (): void => {
    shownAt = performance.now();
    const all = `${orders.size} orders, ${confirmed} confirmed`;
    const counts = `${all}, ${faults} faults, ${deaths} deaths`;
    show(orders.size === 0 ? phase : `${phase}: ${counts}`);
  };
  return {
    onLine(line) {
      if (line.kind !== 'event') return;
      if (line.event === 'client-request') orders.add(line.key);
      if (line.event === 'order-ended' && line.status === 'CONFIRMED') confirmed += 1;
      if (line.event === 'failpoint-hit' || line.event === 'fault-hit') faults += 1;
      if (line.event === 'process-killed') deaths += 1;
      if (performance.now() - shownAt > SHOW_EVERY_MS) update();
    },
    onPhase(text) {
      phase = text;
      if (text === STARTING) {
        orders.clear();
        [confirmed, faults, deaths] = [0, 0, 0];
      }
      update();
    },
  };
}

/** The phase in which the counts start at zero: --shrink repeats the storm many times. */
const STARTING = 'starting the services';
