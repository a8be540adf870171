import type { Router } from '@indoubt/chassis';
import type { Tx } from '@indoubt/database';
import { Failure } from '@indoubt/failure';
import { readAccount } from './payment-store.ts';

export function accountRoutes(read: Tx): (app: Router) => void {
  return (app) => {
    app.get('/accounts/:customerId', async (request, response) => {
      const { customerId } = request.params;
      const account = await readAccount(read, customerId);
      if (account === undefined) throw new Failure('not-found', `"${customerId}" has no account`);
      response.json(account);
    });
  };
}
