import type { Router } from '@indoubt/chassis';
import type { Tx } from '@indoubt/database';
import { Failure } from '@indoubt/failure';
import { readStock } from './stock-store.ts';

export function stockRoutes(read: Tx): (app: Router) => void {
  return (app) => {
    app.get('/stock/:sku', async (request, response) => {
      const { sku } = request.params;
      const stock = await readStock(read, sku);
      if (stock === undefined) throw new Failure('not-found', `no stock is kept of "${sku}"`);
      response.json(stock);
    });
  };
}
