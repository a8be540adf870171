import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseChaos } from '@indoubt/chaos';
import { Failure } from '@indoubt/failure';
import type { EventLine, RecordLine } from '@indoubt/record';
import { checkAll } from '../../checkers/invariants.ts';
import { snapshotOf } from '../../evidence/snapshot/read-snapshot.ts';
import { stopFaults } from '../chaos/stop-faults.ts';
import type { LabClient } from '../client/lab-client.ts';
import { isFinal } from '../client/post-until-answered.ts';
import { settle } from '../lab/settle.ts';
import type { Lab } from '../lab/start-lab.ts';
import { copyRecordSince, markRecord } from './cell-record.ts';
import { orderFor } from './matrix-world.ts';
import { type Cell, repeatOf } from './plan-cells.ts';

/** `not-reached`: this order does not reach the point, so the cell proves nothing. */
export type CellVerdict = 'holds' | 'broken' | 'not-reached' | 'unknown';

export interface CellResult extends Pick<Cell, 'coordination' | 'point' | 'hit' | 'outcome'> {
  verdict: CellVerdict;
  /** Ids of the broken invariants. */
  broken: string[];
  /** What is broken, or why the cell is unknown; empty when it holds. */
  detail: string;
  durationMs: number;
  runDir: string;
  /** The command that repeats this cell. */
  repeat: string;
}

/** A lab that plays cells one after the other. */
export interface Bench {
  lab: Lab;
  client: LabClient;
  signal: AbortSignal;
}

const SETTLES_WITHIN_MS = 20_000;
const DIES_WITHIN_MS = 10_000;
/** Longer than a lease and than the restart of a process. */
const PATIENCE = { withinMs: 60_000, backOff: { baseMs: 100, maxMs: 800 } };

/**
 * Plays one cell in an idle lab: arms the fault, places orders until the fault strikes, waits until
 * the process is ready again and the lab is idle, and checks everything.
 * @param cellDir  the cell's folder for its part of the record and its verdict
 */
export async function playCell(bench: Bench, cell: Cell, cellDir: string): Promise<CellResult> {
  const { coordination, point, hit, outcome } = cell;
  const recordDir = join(bench.lab.runDir, 'record');
  const marks = markRecord(recordDir);
  const startedAt = performance.now();
  const judged = await judgeCell(bench, cell).catch((error: unknown) => {
    bench.signal.throwIfAborted();
    return { verdict: 'unknown' as const, broken: [], detail: String(error) };
  });
  const durationMs = Math.round(performance.now() - startedAt);
  const repeat = repeatOf(cell);
  const which = { coordination, point, hit, outcome };
  const result: CellResult = { ...which, ...judged, durationMs, runDir: cellDir, repeat };
  mkdirSync(cellDir, { recursive: true });
  copyRecordSince(recordDir, marks, cellDir);
  writeFileSync(join(cellDir, 'cell.json'), `${JSON.stringify({ ...cell, ...result }, null, 2)}\n`);
  return result;
}

type Judged = Pick<CellResult, 'verdict' | 'broken' | 'detail'>;

async function judgeCell(bench: Bench, cell: Cell): Promise<Judged> {
  const { lab, client, signal } = bench;
  const since = lab.record.readNow().length;
  await arm(lab, cell);
  const unanswered = await placeUntilStruck(bench, cell, since);
  const deaths = strikes(lab, since);
  await untilRestarted(lab, deaths, signal);
  await stopFaults({ ...lab, signal });
  const rested = await settle(lab, SETTLES_WITHIN_MS, signal);
  const lines = lab.record.readNow();
  const after = await snapshotOf(lab, client.acknowledged());
  const broken = checkAll(after, lines).filter(({ holds }) => !holds);
  const texts = broken.map(({ id, detail }) => `${id}: ${detail}`);
  if (!rested) texts.push(`the lab is not idle after ${SETTLES_WITHIN_MS / 1_000} s`);
  texts.push(...unanswered);
  const ids = broken.map(({ id }) => id);
  if (texts.length > 0) return { verdict: 'broken', broken: ids, detail: texts.join('\n') };
  return { verdict: reached(cell, strikes(lab, since)), broken: [], detail: '' };
}

/**
 * Whether the process died at the cell's point and as often as planned. When it only died before
 * the point, the cell is unknown.
 */
function reached({ point, hit, nextLives }: Cell, deaths: Hit[]): CellVerdict {
  const there = deaths.filter((line) => line.name === point);
  if (nextLives === null) return there.some((line) => line.hit === hit) ? 'holds' : 'not-reached';
  if (there.length >= nextLives.rules.length) return 'holds';
  return deaths.length > 0 ? 'unknown' : 'not-reached';
}

async function arm({ chaos, services }: Lab, { rules, nextLives }: Cell): Promise<void> {
  if (chaos === null) throw new Failure('lab-failed', 'a cell needs a lab with chaos control');
  for (const life of nextLives?.rules ?? []) {
    services.armNextLife(nextLives?.process ?? 'order', parseChaos(life));
  }
  await chaos.set(parseChaos(rules));
}

/**
 * Places orders, concurrently or one after the other, until the point was hit often enough.
 * @returns problems of their answers
 */
async function placeUntilStruck(bench: Bench, cell: Cell, since: number): Promise<string[]> {
  const unanswered: string[] = [];
  const { lab, signal } = bench;
  if (cell.atOnce) {
    const both = [placeOrder(bench, cell), placeOrder(bench, cell, true)];
    unanswered.push(...(await Promise.all(both)).flat());
    await settle(lab, SETTLES_WITHIN_MS, signal);
    return unanswered;
  }
  for (let placed = 1; placed <= cell.hit; placed += 1) {
    unanswered.push(...(await placeOrder(bench, cell)));
    await settle(lab, SETTLES_WITHIN_MS, signal);
    if (strikes(lab, since).some((line) => line.name === cell.point)) break;
  }
  return unanswered;
}

/**
 * Places one order. A lost answer is part of the experiment: the client retries with the same key,
 * and must get a final answer.
 * @returns problems of the answer
 */
async function placeOrder({ client }: Bench, cell: Cell, isOther = false): Promise<string[]> {
  const { coordination } = cell;
  const order = orderFor(cell, isOther);
  const answer = await client.postUntilAnswered(order, { coordination }, PATIENCE);
  if (isFinal(answer)) return [];
  const last = answer.code ?? 'no answer';
  return [`key ${answer.key} has no final answer after ${PATIENCE.withinMs / 1_000} s: ${last}`];
}

type Hit = EventLine<'failpoint-hit'>;

/** The deaths at crash points since this line of the record. */
function strikes({ record }: Lab, since: number): Hit[] {
  return record
    .readNow()
    .slice(since)
    .filter((line) => line.event === 'failpoint-hit')
    .filter((line) => line.action === 'crash');
}

/** Waits until every process that died has ended and its replacement is ready. */
async function untilRestarted(lab: Lab, deaths: Hit[], signal: AbortSignal): Promise<void> {
  for (const { pid } of deaths) {
    const isGone = (line: RecordLine) =>
      line.kind === 'event' && line.event === 'process-killed' && line.pid === pid;
    await lab.record.next(isGone, DIES_WITHIN_MS, signal);
  }
  if (deaths.length > 0) await lab.services.ready();
}
