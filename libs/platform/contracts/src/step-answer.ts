import { z } from 'zod';
import { TOPICS } from './topics.ts';

/** The reply of a participant to the orchestrator. A refusal is a definite answer. */
export const stepAnswer = {
  type: 'step-answer',
  topic: TOPICS.sagaReplies,
  body: z.discriminatedUnion('outcome', [
    z.object({ outcome: z.literal('done') }),
    /** `reason` is a failure code, `detail` a sentence for a person. */
    z.object({ outcome: z.literal('refused'), reason: z.string(), detail: z.string() }),
  ]),
} as const;
export type StepAnswer = z.infer<typeof stepAnswer.body>;
