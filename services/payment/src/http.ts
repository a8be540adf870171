import type { Router } from '@indoubt/chassis';
import { customerId } from '@indoubt/contracts';
import type { Queries } from '@indoubt/database';
import { Failure } from '@indoubt/failure';
import { readAccount } from './payment-store.ts';

export function accountRoutes(read: Queries): (app: Router) => void {
  return (app) => {
    app.get('/accounts/:customerId', async (request, response) => {
      const id = request.params.customerId;
      // Not every text can be asked for: Postgres refuses a NUL as an error of ours.
      const known = customerId.safeParse(id).success;
      const account = known ? await readAccount(read, id) : undefined;
      if (account === undefined) throw new Failure('not-found', `"${id}" has no account`);
      response.json(account);
    });
  };
}
