import { sku, stockView } from '@indoubt/contracts';
import type { Queries } from '@indoubt/database';
import { Failure } from '@indoubt/failure';
import { type Route, route } from '@indoubt/http';
import { z } from 'zod';
import { readStock } from './stock-store.ts';

/** What inventory shows to everybody. */
export function stockRoutes(read: Queries): Route[] {
  return [
    route(
      {
        method: 'GET',
        path: '/stock/:sku',
        summary: 'What can be sold of one product, and what orders hold',
        params: z.object({ sku }),
        answers: { 200: stockView },
        problems: ['not-found'],
      },
      async ({ params, response }) => {
        const stock = await readStock(read, params.sku);
        if (stock === undefined) {
          throw new Failure('not-found', `no stock is kept of "${params.sku}"`);
        }
        response.json(stock);
      },
    ),
  ];
}
