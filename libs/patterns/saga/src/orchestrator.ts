import type { Message } from '@indoubt/contracts';
import type { Queries, Tx } from '@indoubt/database';
import { contextOf, inSpan, record, traceparent } from '@indoubt/record';
import { type Advance, type advance, type Input, start } from './advance.ts';
import { checkSaga, type Saga } from './definition.ts';
import {
  insertSaga,
  isAnySagaDue,
  lockDueSagas,
  lockSaga,
  type OpenSagas,
  readOpenSagas,
  type SagaRow,
  updateSaga,
} from './saga-store.ts';

/** The parts that a service supplies to run a saga. */
export interface Orchestration<Data> {
  saga: Saga;
  /** The protocol; chosen by `chosenAdvance`. */
  advance: typeof advance;
  /** Topic, type and body of the command for a step or an undo. */
  command(step: string, data: Data): Pick<Message, 'topic' | 'type' | 'body'>;
  /**
   * Runs a step of the owner itself (or `whenCompensated`), in the transaction that moves the saga.
   */
  local(tx: Tx, step: string, data: Data, reason: string | null): Promise<void>;
  /** Puts messages into the outbox, in the same transaction. */
  enqueue(tx: Tx, messages: Message[]): Promise<void> | void;
}

export interface Orchestrator<Data> {
  /**
   * Starts a saga in the caller's transaction: the saga exists if and only if that commits.
   */
  start(tx: Tx, id: string, key: string, data: Data): Promise<void>;
  /**
   * Handles an answer or an expiry in the caller's transaction. A late or repeated input changes
   * nothing.
   * @param messageId  message id of the answer, for the record
   * @throws Error (a bug) when the saga does not exist
   */
  advance(tx: Tx, sagaId: string, input: Input, messageId?: string): Promise<void>;
  /** Whether any deadline has passed: a cheap query to run before a transaction is begun. */
  anyDue(tx: Queries): Promise<boolean>;
  /** Fires the deadlines that have passed. @returns deadlines fired, at most `rowsMax` */
  fireDeadlines(tx: Tx, rowsMax: number): Promise<number>;
  /** The open sagas by awaited step or undo, also those with a count of 0. */
  open(read: Queries): Promise<OpenSagas[]>;
}

/** @throws Error (a bug) when the definition breaks the rules of a saga */
export function createOrchestrator<Data>(run: Orchestration<Data>): Orchestrator<Data> {
  checkSaga(run.saga);
  return {
    async start(tx, id, key, data) {
      const first = start(run.saga);
      const row = { id, key, data, progress: first.progress, traceparent: traceparent() };
      insertSaga(tx, run.saga.name, row, first.waitMs);
      await carryOut(run, tx, row, first);
      recordAdvance(tx, row, { because: 'start' }, first);
    },
    async advance(tx, sagaId, input, messageId) {
      const row = await lockSaga<Data>(tx, sagaId);
      if (row === undefined)
        throw new Error(`no saga ${sagaId}: an answer to a command that was never sent`);
      await move(run, tx, row, input, messageId);
    },
    anyDue: (tx) => isAnySagaDue(tx, run.saga.name),
    async fireDeadlines(tx, rowsMax) {
      const due = await lockDueSagas<Data>(tx, run.saga.name, rowsMax);
      for (const row of due) await expire(run, tx, row);
      return due.length;
    },
    async open(read) {
      const found = await readOpenSagas(read, run.saga.name);
      const none = { count: 0, oldestMs: 0 };
      return awaitable(run.saga).map(
        (awaiting) => found.find((each) => each.awaiting === awaiting) ?? { awaiting, ...none },
      );
    },
  };
}

/** The steps and undos of other services: the owner's own steps are never awaited. */
function awaitable({ owner, steps }: Saga): string[] {
  return steps
    .filter(({ to }) => to !== owner)
    .flatMap((step) => [step.name, ...('undo' in step ? [step.undo] : [])]);
}

/** Handles an expired deadline in the trace of the saga, in any process. */
function expire<Data>(run: Orchestration<Data>, tx: Tx, row: SagaRow<Data>): Promise<void> {
  const attributes = { 'saga.id': row.id, 'order.id': row.key };
  const step = row.progress.awaiting ?? '';
  return inSpan('deadline', { parent: contextOf(row.traceparent), attributes }, () =>
    move(run, tx, row, { kind: 'expired', step }),
  );
}

async function move<Data>(
  run: Orchestration<Data>,
  tx: Tx,
  row: SagaRow<Data>,
  input: Input,
  messageId?: string,
): Promise<void> {
  const next = run.advance(run.saga, row.progress, input);
  if (next.ignored) {
    const { awaiting } = row.progress;
    const { step } = input;
    const about = { sagaId: row.id, orderId: row.key, messageId };
    tx.onCommit(() => record({ event: 'answer-ignored', ...about, step, awaiting }));
    return;
  }
  updateSaga(tx, row.id, next);
  await carryOut(run, tx, row, next);
  recordAdvance(tx, row, { because: `${input.step} ${input.kind}`, messageId }, next);
}

async function carryOut<Data>(
  run: Orchestration<Data>,
  tx: Tx,
  row: SagaRow<Data>,
  next: Advance,
): Promise<void> {
  for (const step of next.local) await run.local(tx, step, row.data, next.progress.reason);
  await run.enqueue(
    tx,
    next.send.map((step) => ({
      // A retry has the same id: the participant's inbox recognises the saga and step.
      id: `${row.id}:${step}`,
      key: row.key,
      sagaId: row.id,
      step,
      ...run.command(step, row.data),
    })),
  );
}

function recordAdvance<Data>(
  tx: Tx,
  row: SagaRow<Data>,
  cause: { because: string; messageId?: string | undefined },
  next: Advance,
): void {
  const { status, attempts, reason } = next.progress;
  const event = attempts > 1 ? 'saga-command-retried' : 'saga-advanced';
  const { send, local } = next;
  const about = { sagaId: row.id, orderId: row.key, ...cause };
  tx.onCommit(() => record({ event, ...about, status, send, local, attempts, reason }));
}
