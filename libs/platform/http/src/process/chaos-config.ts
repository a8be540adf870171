import { type ChaosRule, chaosOf } from '@indoubt/chaos';
import { z } from 'zod';

/** Settings of the faults of a process. All faults are off by default. */
export const chaosSettings = {
  /** Rules in the grammar of docs/chaos.md, including those of the toggles (CHAOS_…). */
  CHAOS: z.array(z.custom<ChaosRule>()).default([]),
  /** The seed from which faults with a probability are drawn. */
  CHAOS_SEED: z.coerce.number().int().min(0).max(2_147_483_647).default(1),
  /** Whether faults can be armed while the process runs: `/chaos`, with the secret. */
  CHAOS_CONTROL: z.enum(['on', 'off']).default('off'),
  /** Whether each connection goes through a link, so that faults of links can be armed later. */
  CHAOS_LINKS: z.enum(['on', 'off']).default('off'),
};

/** The environment, with the rules of all its faults as CHAOS. @throws Failure 'invalid-config' */
export function withChaos(env: Readonly<Record<string, string | undefined>>) {
  return { ...env, CHAOS: chaosOf(env) };
}
