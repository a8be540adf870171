import type { RecordLine } from '@indoubt/record';

/** What a person reads while a storm goes on. */
export interface StormProgress {
  onLine(line: RecordLine): void;
  onPhase(text: string): void;
}

/** Often enough to see that it lives, seldom enough for a pipe. */
const TELL_EVERY_MS = 3_000;

/** @param show  takes one line, in place of the last one */
export function createStormProgress(show: (text: string) => void): StormProgress {
  let phase = '';
  // By their keys: a request that is repeated is no other order.
  const orders = new Set<string | null>();
  let [confirmed, faults, deaths] = [0, 0, 0];
  let toldAt = 0;
  const tell = (): void => {
    toldAt = performance.now();
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
      if (performance.now() - toldAt > TELL_EVERY_MS) tell();
    },
    onPhase(text) {
      phase = text;
      if (text === STARTING) {
        orders.clear();
        [confirmed, faults, deaths] = [0, 0, 0];
      }
      tell();
    },
  };
}

/** Where the counts begin anew: a shrinking storm is played many times. */
const STARTING = 'starting the services';
