import type { StormResult } from './storm-result.ts';

/** A small broken storm with a value in every field, for tests. */
export function sampleStorm(): StormResult {
  const because = {
    event: 'message-handled',
    atMs: 4,
    process: 'payment',
    text: '',
    traceId: null,
  };
  return {
    verdict: 'broken',
    seed: 7,
    durationMs: 8_000,
    rate: 15,
    coordination: 'all',
    counts: {
      orders: 120,
      confirmed: 70,
      rejected: 40,
      unknown: 12,
      faults: 15,
      restarts: 6,
      redeliveries: 286,
    },
    faultKinds: [{ kind: 'SIGKILL', count: 15 }],
    leftOut: 3,
    restedAfterMs: 776,
    invariants: [
      {
        id: 'INV-6',
        title: 'One effect',
        holds: false,
        detail: 'tea reserved 2 times',
        violations: [],
        because,
      },
    ],
    steps: [{ atMs: 100, kind: 'kill', what: 'SIGKILL payment', notDone: null }],
    problem: null,
    runDir: '.lab/runs/a-storm',
    scheduleFile: '.lab/runs/a-storm/schedule.json',
    repeat: './scenario storm --replay .lab/runs/a-storm/schedule.json',
    shrunk: {
      scheduleFile: '.lab/runs/a-storm/schedule-shrunk.json',
      steps: 1,
      tries: 4,
      isMinimal: true,
      repeat: './scenario storm --replay .lab/runs/a-storm/schedule-shrunk.json',
    },
  };
}
