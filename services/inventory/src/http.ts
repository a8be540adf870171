import type { Router } from '@indoubt/chassis';
import { sku } from '@indoubt/contracts';
import type { Queries } from '@indoubt/database';
import { Failure } from '@indoubt/failure';
import { readStock } from './stock-store.ts';

export function stockRoutes(read: Queries): (app: Router) => void {
  return (app) => {
    app.get('/stock/:sku', async (request, response) => {
      const wanted = request.params.sku;
      // Not every text can be asked for: Postgres refuses a NUL as an error of ours.
      const known = sku.safeParse(wanted).success;
      const stock = known ? await readStock(read, wanted) : undefined;
      if (stock === undefined) throw new Failure('not-found', `no stock is kept of "${wanted}"`);
      response.json(stock);
    });
  };
}
