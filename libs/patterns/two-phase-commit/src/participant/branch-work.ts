import type { StepAnswer } from '@indoubt/contracts';
import type { Tx } from '@indoubt/database';
import { Failure } from '@indoubt/failure';
import type { z } from 'zod';
import type { Work } from '../protocol/messages.ts';

/** A command of the domain that can be one branch of a global transaction. */
export interface BranchWork<Body> {
  type: string;
  body: z.ZodType<Body>;
  /** The effect: writes only in `tx`. A refusal by a domain rule is a vote "no", not an error. */
  act(tx: Tx, body: Body): Promise<StepAnswer>;
  /**
   * Network calls that the branch needs before its transaction begins, since no transaction may be
   * open during a network call. They may happen twice, and for a branch that is never prepared.
   * @param withinMs how long the coordinator waits for the vote
   * @returns what to do in the transaction, instead of `act`
   */
  prior?: Prior<Body>;
}

export type Act = (tx: Tx) => Promise<StepAnswer>;
export type Prior<Body> = (body: Body, id: string, withinMs: number) => Promise<Act>;
export interface AnyBranchWork {
  type: string;
  body: z.ZodType;
  /** @throws Failure 'invalid-request' (definite) */
  read(body: unknown): (id: string, withinMs: number) => Promise<Act>;
}

/** Hides the type of the body, so that different works fit into one list. */
export function branchWork<Body>({ type, body, act, prior }: BranchWork<Body>): AnyBranchWork {
  return {
    type,
    body,
    read(unread) {
      const parsed = body.safeParse(unread);
      if (!parsed.success) throw new Failure('invalid-request', `${type}: ${parsed.error.message}`);
      const { data } = parsed;
      if (prior !== undefined) return (id, withinMs) => prior(data, id, withinMs);
      return async () => (tx) => act(tx, data);
    },
  };
}

/** A refusal by a domain rule. Thrown, so that the transaction rolls back. */
export class Refused extends Error {
  readonly answer: Extract<StepAnswer, { outcome: 'refused' }>;

  constructor(answer: Refused['answer']) {
    super(answer.detail);
    this.answer = answer;
  }
}

/** Runs `prior`, if the work has one. @returns the effect, to run in the transaction */
export type Begin = (id: string, withinMs: number) => Promise<(tx: Tx) => Promise<void>>;

/**
 * Validates a work without starting it.
 * @throws Failure 'invalid-request' (definite): unknown type of work, or an invalid body
 */
export function readWork(works: AnyBranchWork[], { type, body }: Work): Begin {
  const found = works.find((each) => each.type === type);
  if (found === undefined) throw new Failure('invalid-request', `no work of type "${type}" here`);
  const begin = found.read(body);
  return async (id, withinMs) => {
    const act = await begin(id, withinMs);
    return async (tx) => {
      const answer = await act(tx);
      if (answer.outcome === 'refused') throw new Refused(answer);
    };
  };
}
