import { z } from 'zod';

const NAMES_MAX = 8;
const name = z.string().regex(/^[a-z][a-z-]{0,31}$/, 'a service name');

/** What a participant is to do in its branch: a command of its domain. */
export const work = z.strictObject({ type: z.string().min(1).max(64), body: z.unknown() });
export type Work = z.infer<typeof work>;

const switches = {
  presume: z.enum(['abort', 'nothing']).default('abort'),
  branches: z.enum(['parallel', 'sequential']).default('parallel'),
  lastResource: z.boolean().default(false),
};

/** The parameters of every path below /transactions/:id. */
export const transactionPath = z.object({ id: z.uuid() });

/** Body of POST /transactions. The participants are asked in this order when one by one. */
export const beginBody = z.strictObject({
  id: z.uuid(),
  participants: z
    .array(z.strictObject({ name, work }))
    .min(1)
    .max(NAMES_MAX)
    .refine((all) => new Set(all.map((each) => each.name)).size === all.length, {
      error: 'each participant may stand there once',
    }),
  ...switches,
});
export type BeginBody = z.input<typeof beginBody>;

const decision = z.enum(['commit', 'abort']);

/** Answer to POST /transactions: what was decided, and why. */
export const outcome = z.object({ decision, reason: z.string().nullable(), detail: z.string() });
export type Outcome = z.infer<typeof outcome>;

/** Body of POST /transactions/:id/votes: a prepared participant votes again, and so asks. */
export const voteBody = z.strictObject({ participant: name, vote: z.literal('yes') });

/** Answer to it: an undecided one is still being voted on. */
export const verdict = z.object({
  decision: z.enum(['commit', 'abort', 'undecided']),
  /** The trace of the transaction, as far as the log has it: whoever recovers continues it. */
  traceparent: z.string().nullable(),
});
export type Verdict = z.infer<typeof verdict>;

const WITHIN_MS_MAX = 60_000;

/** Body of prepare and of commit-one-phase: the work, and how long its locks may be waited for. */
export const branchBody = z.strictObject({ work, withinMs: z.int().min(1).max(WITHIN_MS_MAX) });
export type BranchBody = z.infer<typeof branchBody>;

/** Answer to prepare. `reason` is a failure code, `detail` a sentence for a person. */
export const voteAnswer = z.object({
  vote: z.enum(['yes', 'no', 'read-only']),
  reason: z.string().nullable(),
  detail: z.string(),
});
export type VoteAnswer = z.infer<typeof voteAnswer>;

/** Answer to commit and abort: how the branch ended, and whether that is what was asked for. */
export const endAnswer = z.object({ did: decision, damage: z.boolean() });
export type EndAnswer = z.infer<typeof endAnswer>;

/** Answer to GET /transactions/:id. */
export const transactionStatus = z.object({
  id: z.uuid(),
  decision: verdict.shape.decision,
  reason: z.string().nullable(),
  /** Participants that have not acknowledged the decision, or (undecided) not voted. */
  awaiting: z.array(z.string()),
});
export type TransactionStatus = z.infer<typeof transactionStatus>;

/** Answer to GET /transactions. */
export const openTransactions = z.object({ items: z.array(transactionStatus) });
