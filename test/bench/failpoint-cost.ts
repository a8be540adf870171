import { armChaos, failpoint, parseChaos } from '@indoubt/chaos';

// The cost of a crash point while no rule is armed, and while another point is armed: of the bare
// call, and of the awaited call as in the services. An order passes some thirty crash points. The
// last figure of a line is their share of the time of an order. The time of an empty loop is
// subtracted. The figures are medians of several rounds.
//   ./tools/with node test/bench/failpoint-cost.ts [MILLISECONDS_OF_AN_ORDER]

const ORDER_MS = Number(process.argv[2] ?? 12);
const PER_ORDER = 30;
const CALLS = 1_000_000;
const ROUNDS = 9;
const NS_PER_MS = 1_000_000;
const ORDER_ID = '01930000-0000-7000-8000-000000000001';

for (const [what, rules] of [
  ['nothing armed', ''],
  ['another one armed', 'payment:handled-not-acknowledged=crash@999999999'],
] as const) {
  armChaos({ process: 'payment', rules: parseChaos(rules), seed: 1, emit: () => undefined });
  report(`${what}, called`, await nsPerCall(called));
  report(`${what}, awaited`, await nsPerCall(awaited));
}

async function nsPerCall(loop: () => number | Promise<number>): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const withoutMs = await timed(empty);
    times.push((await timed(loop)) - withoutMs);
  }
  const median = times.toSorted((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? Number.NaN;
  return (median / CALLS) * NS_PER_MS;
}

/** Checks the count of each loop, so that the engine cannot optimise its calls away. */
async function timed(loop: () => number | Promise<number>): Promise<number> {
  const startedAt = performance.now();
  const inert = await loop();
  if (inert !== CALLS) throw new Error(`${CALLS - inert} calls were not inert`);
  return performance.now() - startedAt;
}

function empty(): number {
  let inert = 0;
  for (let n = 0; n < CALLS; n += 1) if (noFailpoint() === undefined) inert += 1;
  return inert;
}

function called(): number {
  let inert = 0;
  for (let n = 0; n < CALLS; n += 1) {
    if (failpoint('acted-not-committed', ORDER_ID) === undefined) inert += 1;
  }
  return inert;
}

async function awaited(): Promise<number> {
  let inert = 0;
  for (let n = 0; n < CALLS; n += 1) {
    await failpoint('acted-not-committed', ORDER_ID);
    inert += 1;
  }
  return inert;
}

function noFailpoint(): undefined {
  return undefined;
}

function report(what: string, ns: number): void {
  const share = (100 * PER_ORDER * ns) / (ORDER_MS * NS_PER_MS);
  const order = `${PER_ORDER} of them: ${share.toFixed(4)} % of an order of ${ORDER_MS} ms`;
  console.log(`${what.padEnd(28)} ${ns.toFixed(1).padStart(6)} ns; ${order}`);
}
