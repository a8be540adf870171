import { expect, test } from 'vitest';
import { type OpenLab, openLab } from './open-lab.ts';
import { sharedServers } from './shared-servers.ts';

const servers = sharedServers();
const TEA = { customerId: 'alice', lines: [{ sku: 'tea', quantity: 2 }] };
const PARTICIPANTS = ['inventory', 'payment', 'order'];
/** Longer than the pause: the coordinator must find a vote when it wakes, not a time-out. */
const VOTE_WITHIN_MS = 60_000;

/**
 * Pauses the coordinator before the last vote of an order. Two participants have voted yes, and the
 * third vote waits until the coordinator wakes.
 * @returns the pid of the coordinator, and the order that is being placed
 */
async function pausedBeforeTheLastVote(open: OpenLab) {
  const [old, payment] = [open.pidOf('coordinator'), open.pidOf('payment')];
  open.signal(payment, 'SIGSTOP');
  const placing = open.placeOrder(TEA);
  for (const from of ['inventory', 'order']) {
    await open.event((line) => line.event === 'vote-received' && line.from === from);
  }
  open.signal(old, 'SIGSTOP');
  open.signal(payment, 'SIGCONT');
  const voted = await open.event(({ event, process }) => {
    return event === 'branch-voted' && process === 'payment';
  });
  expect(voted).toMatchObject({ vote: 'yes' });
  return { old, placing };
}

test('a superseded coordinator that wakes with all votes decides nothing', async () => {
  await using open = await openLab(servers(), {
    coordination: '2pc',
    twoPhase: { prepareWithinMs: VOTE_WITHIN_MS },
  });
  const { old, placing } = await pausedBeforeTheLastVote(open);
  const standby = await open.lab.services.addCopy('coordinator');
  const taken = await open.event(({ event, pid }) => event === 'epoch-taken' && pid === standby);
  expect(taken).toMatchObject({ epoch: 2, recovered: 0 });
  for (const participant of PARTICIPANTS) {
    const ended = await open.event(({ event, process }) => {
      return event === 'branch-ended' && process === participant;
    });
    expect(ended).toMatchObject({ decision: 'abort', how: 'done' });
  }
  open.signal(old, 'SIGCONT');
  await open.event(({ event, pid }) => event === 'coordinator-superseded' && pid === old);
  expect(decisionsOf(open, old)).toEqual([]);
  await open.reaches(await placing, 'REJECTED');

  const next = await open.placeOrder(TEA);
  await open.reaches(next, 'CONFIRMED');
  const decided = await open.event((line) => {
    return line.event === 'decision-made' && line.orderId === next;
  });
  expect(decided).toMatchObject({ pid: standby, decision: 'commit', durable: true });
  expect(await open.broken()).toEqual([]);
});

/** The decisions that this coordinator has made or sent. */
function decisionsOf({ lab }: OpenLab, coordinator: number): unknown[] {
  const DECIDES = new Set(['decision-made', 'decision-resent', 'transaction-ended']);
  return lab.record
    .lines()
    .filter((line) => line.kind === 'event' && line.pid === coordinator && DECIDES.has(line.event));
}
