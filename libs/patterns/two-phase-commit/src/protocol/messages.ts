import { z } from 'zod';

const NAMES_MAX = 8;
const name = z.string().regex(/^[a-z][a-z-]{0,31}$/, 'a service name');

/** The work of a branch: a command of the participant's domain. */
export const work = z.strictObject({ type: z.string().min(1).max(64), body: z.unknown() });
export type Work = z.infer<typeof work>;

const switches = {
  presume: z.enum(['abort', 'nothing']).default('abort'),
  branches: z.enum(['parallel', 'sequential']).default('parallel'),
  lastResource: z.boolean().default(false),
};

/** The parameters of every path below /transactions/:id. */
export const transactionPath = z.object({ id: z.uuid() });

/** Body of POST /transactions. Sequential branches are prepared in the order of the list. */
export const beginBody = z.strictObject({
  id: z.uuid(),
  participants: z
    .array(z.strictObject({ name, work }))
    .min(1)
    .max(NAMES_MAX)
    .refine((all) => new Set(all.map((each) => each.name)).size === all.length, {
      error: 'each participant may be listed only once',
    }),
  ...switches,
});
export type BeginBody = z.input<typeof beginBody>;

const decision = z.enum(['commit', 'abort']);

/** Answer to POST /transactions: the decision and its reason. */
export const outcome = z.object({ decision, reason: z.string().nullable(), detail: z.string() });
export type Outcome = z.infer<typeof outcome>;

/** Body of POST /transactions/:id/votes: a prepared participant requests the decision. */
export const voteBody = z.strictObject({ participant: name, vote: z.literal('yes') });

/** Answer to POST /transactions/:id/votes. Undecided: some votes are still missing. */
export const verdict = z.object({
  decision: z.enum(['commit', 'abort', 'undecided']),
  /** The trace of the transaction, if the log has it. Recovery continues this trace. */
  traceparent: z.string().nullable(),
});
export type Verdict = z.infer<typeof verdict>;

const WITHIN_MS_MAX = 60_000;

/** Body of prepare and commit-one-phase: the work, and milliseconds to wait for locks at most. */
export const branchBody = z.strictObject({ work, withinMs: z.int().min(1).max(WITHIN_MS_MAX) });
export type BranchBody = z.infer<typeof branchBody>;

/** Answer to prepare. `reason` is a failure code, `detail` a sentence for people. */
export const voteAnswer = z.object({
  vote: z.enum(['yes', 'no', 'read-only']),
  reason: z.string().nullable(),
  detail: z.string(),
});
export type VoteAnswer = z.infer<typeof voteAnswer>;

/** Answer to commit and abort: how the branch ended. Damage: it ended against the decision. */
export const endAnswer = z.object({ did: decision, damage: z.boolean() });
export type EndAnswer = z.infer<typeof endAnswer>;

/** Answer to GET /transactions/:id. */
export const transactionStatus = z.object({
  id: z.uuid(),
  decision: verdict.shape.decision,
  reason: z.string().nullable(),
  /** Participants that have not acknowledged the decision, or have not voted if undecided. */
  awaiting: z.array(z.string()),
});
export type TransactionStatus = z.infer<typeof transactionStatus>;

/** Answer to GET /transactions. */
export const openTransactions = z.object({ items: z.array(transactionStatus) });
