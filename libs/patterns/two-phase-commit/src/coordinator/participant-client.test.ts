import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { createParticipantClients } from './participant-client.ts';

const WORK = { type: 'reserve-stock', body: {} };
const ID = '019aa000-0000-7000-8000-000000000001';

/** A participant that never answers a prepare, and answers a decision. */
async function hangingParticipant(prepareWithinMs: number) {
  const server = createServer((request, response) => {
    if (request.url?.endsWith('/prepare')) return;
    response.end(JSON.stringify({ did: 'abort', damage: false }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const clients = createParticipantClients(new Map([['payment', url]]), 's', prepareWithinMs);
  onTestFinished(async () => {
    await clients.close();
    server.closeAllConnections();
    server.close();
  });
  return clients;
}

test('the breaker that hanging votes open does not block decisions', async () => {
  const { send } = await hangingParticipant(30);
  const votes = Array.from({ length: 25 }, () => send('payment', 'prepare', ID, WORK));
  await Promise.allSettled(votes);
  await expect(send('payment', 'prepare', ID, WORK)).rejects.toMatchObject({
    code: 'breaker-open',
  });
  expect(await send('payment', 'abort', ID, undefined)).toEqual({
    kind: 'acknowledged',
    damage: false,
  });
});

test('a send to a participant without an address fails with a definite failure', async () => {
  const { send } = await hangingParticipant(30);
  await expect(send('loyalty', 'commit', ID, undefined)).rejects.toMatchObject({
    code: 'not-reached',
    certainty: 'definite',
  });
});
