import { z } from 'zod';

/** The largest amount: 10,000,000.00. Every sum of a run is then far below 2^53. */
export const CENTS_MAX = 1_000_000_000;

/** Money in integer cents, never negative. */
export const cents = z.int().min(0).max(CENTS_MAX);
