import { z } from 'zod';

/** Order ids are UUIDs of version 7, which sort by their time of creation. */
export const orderId = z.uuid();

/** Names chosen by people: short, printable, safe in a URL and in a log. */
export const customerId = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'letters a-z, digits, "-"');
export const sku = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'letters a-z, digits and "-"');
