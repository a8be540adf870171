import { accountView, changeAccount as changeBody, customerId } from '@indoubt/contracts';
import { type Pool, type Queries, withTransaction } from '@indoubt/database';
import { Failure } from '@indoubt/failure';
import { callerOf, type Route, route } from '@indoubt/http';
import {
  answerKeyed,
  idempotencyKey,
  type KeyedAnswer,
  type Keys,
  keyedRequest,
  readKey,
  type StoredAnswer,
  sendKeyed,
} from '@indoubt/idempotency';
import { z } from 'zod';
import { type AccountChange, changeAccount, noAccount } from './change-account.ts';
import { etagOf, namesTag } from './etag.ts';
import { readVersioned, type Versioned } from './payment-store.ts';

export interface PaymentApi {
  pool: Pool;
  read: Queries;
  keys: Keys;
}

const PATH = '/accounts/:customerId';
const params = z.object({ customerId });

/** The public routes of payment. */
export function paymentRoutes(api: PaymentApi): Route[] {
  return [reading(api), changing(api)];
}

function reading({ read }: PaymentApi): Route {
  return route(
    {
      method: 'GET',
      path: PATH,
      summary: "A customer's balance and credit limit",
      params,
      headers: z.object({
        'if-none-match': z
          .string()
          .describe('A known ETag; the answer is 304 if it is current')
          .optional(),
      }),
      answers: { 200: accountView, 304: z.undefined() },
      answerHeaders: { ETag: 'The version of the account, for If-Match and If-None-Match.' },
      problems: ['not-found'],
    },
    async ({ params: { customerId: id }, request, response }) => {
      const account = await readVersioned(read, id, 'to show it');
      if (account === undefined) throw noAccount(id);
      const { status, headers, body } = answerOf(account);
      const known = request.get('if-none-match');
      response.set(headers);
      if (known !== undefined && namesTag(known, etagOf(account.version), true)) {
        response.status(304).end();
      } else response.status(status).json(body);
    },
  );
}

function changing(api: PaymentApi): Route {
  return route(
    {
      method: 'PATCH',
      path: PATH,
      summary: 'Sets the credit limit of an account, if its ETag is current',
      params,
      headers: z.object({
        'if-match': z.string().describe('The ETag of the account from GET'),
        'idempotency-key': idempotencyKey.optional(),
      }),
      body: changeBody,
      answers: { 200: accountView },
      answerHeaders: {
        ETag: 'The version of the account after the change.',
        'Idempotency-Replayed': '`true`: this is the stored answer to an earlier request.',
      },
      problems: [
        'not-found',
        'precondition-required',
        'precondition-failed',
        'credit-limit-in-use',
        'idempotency-key-in-use',
        'idempotency-key-reused',
      ],
    },
    async ({ params: { customerId: id }, body, request, response }) => {
      const change = { customerId: id, ...body, ifMatch: required(request.get('if-match')) };
      const key = readKey(request.get('idempotency-key'));
      const path = `/accounts/${id}`;
      const parts = { caller: callerOf(request), method: 'PATCH', route: PATH, path, body: change };
      sendKeyed(response, await answerChange(api, change, key && keyedRequest(key, parts)));
    },
  );
}

type Keyed = ReturnType<typeof keyedRequest>;

/** With a key the answer is stored with the change. Without a key a retry finds another version. */
async function answerChange(
  { pool, keys }: PaymentApi,
  change: AccountChange,
  keyed: Keyed | '' | undefined,
): Promise<KeyedAnswer> {
  if (keyed) {
    return answerKeyed(pool, keys, keyed, async (tx) => answerOf(await changeAccount(tx, change)));
  }
  const account = await withTransaction(pool, (tx) => changeAccount(tx, change));
  return { ...answerOf(account), isReplayed: false };
}

/** @throws Failure 'precondition-required' (definite) */
function required(ifMatch: string | undefined): string {
  if (ifMatch !== undefined) return ifMatch;
  const detail = 'Read the account first, and send its ETag in If-Match.';
  throw new Failure('precondition-required', detail);
}

function answerOf({ view, version }: Versioned): StoredAnswer {
  return { status: 200, headers: { ETag: etagOf(version) }, body: view };
}
