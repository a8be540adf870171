import { sku, stockView } from '@indoubt/contracts';
import type { Queries } from '@indoubt/database';
import { Failure } from '@indoubt/failure';
import { type Route, route } from '@indoubt/http';
import { z } from 'zod';
import { readStock } from './stock-store.ts';

/** The public routes of inventory. */
export function stockRoutes(read: Queries): Route[] {
  return [
    route(
      {
        method: 'GET',
        path: '/stock/:sku',
        summary: 'The available and the reserved quantity of one product',
        params: z.object({ sku }),
        answers: { 200: stockView },
        problems: ['not-found'],
      },
      async ({ params, response }) => {
        const stock = await readStock(read, params.sku);
        if (stock === undefined) {
          throw new Failure('not-found', `there is no product "${params.sku}"`);
        }
        response.json(stock);
      },
    ),
  ];
}
