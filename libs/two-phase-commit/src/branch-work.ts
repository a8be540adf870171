import type { StepAnswer } from '@indoubt/contracts';
import type { Tx } from '@indoubt/database';
import { Failure } from '@indoubt/failure';
import type { z } from 'zod';
import type { Work } from './messages.ts';

/** A command of the domain that can be one branch of a global transaction. */
export interface BranchWork<Body> {
  type: string;
  body: z.ZodType<Body>;
  /** The effect, in `tx` and nowhere else. A refusal by a domain rule is a vote, not an error. */
  act(tx: Tx, body: Body): Promise<StepAnswer>;
}

export type Act = (tx: Tx) => Promise<StepAnswer>;
export type AnyBranchWork = { type: string; actOn(body: unknown): Act };

/** Its body's type is its own affair. */
export function branchWork<Body>({ type, body, act }: BranchWork<Body>): AnyBranchWork {
  return {
    type,
    actOn(unread) {
      const parsed = body.safeParse(unread);
      if (!parsed.success) throw new Failure('invalid-request', `${type}: ${parsed.error.message}`);
      return (tx) => act(tx, parsed.data);
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

/**
 * The effect of a piece of work, to be done in a transaction.
 * @throws Failure 'invalid-request' (definite): no such work here, or its body does not fit
 */
export function effectOf(works: AnyBranchWork[], { type, body }: Work): (tx: Tx) => Promise<void> {
  const found = works.find((each) => each.type === type);
  if (found === undefined) throw new Failure('invalid-request', `no work of type "${type}" here`);
  const act = found.actOn(body);
  return async (tx) => {
    const answer = await act(tx);
    if (answer.outcome === 'refused') throw new Refused(answer);
  };
}
