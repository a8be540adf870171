import type { StepAnswer } from '@indoubt/contracts';
import type { Tx } from '@indoubt/database';
import { Failure } from '@indoubt/failure';
import type { z } from 'zod';
import type { Work } from '../protocol/messages.ts';

/** A command of the domain that can be one branch of a global transaction. */
export interface BranchWork<Body> {
  type: string;
  body: z.ZodType<Body>;
  /** The effect, in `tx` and nowhere else. A refusal by a domain rule is a vote, not an error. */
  act(tx: Tx, body: Body): Promise<StepAnswer>;
  /**
   * What has to be asked of others before the transaction is begun: none may be open over a network
   * call. It may happen, also twice, for a branch that is never prepared.
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

/** Its body's type is its own affair. */
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

/** A refusal by a domain rule: rolls the work back on its way out. */
export class Refused extends Error {
  readonly answer: Extract<StepAnswer, { outcome: 'refused' }>;

  constructor(answer: Refused['answer']) {
    super(answer.detail);
    this.answer = answer;
  }
}

/** What comes before the transaction; gives the effect, which is to be done in it. */
export type Begin = (id: string, withinMs: number) => Promise<(tx: Tx) => Promise<void>>;

/**
 * A piece of work, read and not begun.
 * @throws Failure 'invalid-request' (definite): no such work here, or its body does not fit
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
