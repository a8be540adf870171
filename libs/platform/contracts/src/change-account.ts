import { z } from 'zod';
import { cents } from './money.ts';

/** Body of PATCH /accounts/:id. */
export const changeAccount = z.strictObject({ creditLimitCents: cents });
