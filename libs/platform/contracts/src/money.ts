import { z } from 'zod';

/** Largest amount anywhere: 10,000,000.00. Keeps every sum of a run far inside a safe integer. */
export const CENTS_MAX = 1_000_000_000;

/** Money in integer cents, never negative. */
export const cents = z.int().min(0).max(CENTS_MAX);
