import { z } from 'zod';

/** Order ids are UUIDs (version 7: their order is the order of creation). */
export const orderId = z.uuid();

/** Names that people chose: short, printable, safe in a URL and in a log. */
export const customerId = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'letters a-z, digits, "-"');
export const sku = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'letters a-z, digits and "-"');
