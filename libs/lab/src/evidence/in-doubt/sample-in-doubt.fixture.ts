import type { InDoubt, InDoubtTransaction } from './list-in-doubt.ts';
import type { Resolution } from './resolution.ts';

const TRANSACTION_ID = '019a0b3e-7c11-7d2f-9a41-5f2e8c0d1b77';

/** A prepared branch that locks stock of tea while its coordinator is away. */
export function sampleBranch(): InDoubtTransaction {
  const query = 'update stock set available = available - line.quantity from line';
  return {
    gid: `lab-1a2b3c4d/inventory/${TRANSACTION_ID}`,
    owner: 'inventory',
    transactionId: TRANSACTION_ID,
    ageMs: 12_345,
    locked: [
      { table: 'branches', wrote: true, count: 0, rows: [] },
      { table: 'customers', wrote: false, count: 0, rows: [] },
      { table: 'stock', wrote: true, count: 1, rows: [{ sku: 'tea' }] },
    ],
    blocked: [
      {
        pid: 4711,
        name: 'inventory',
        waitsFor: 'the end of a transaction',
        behind: [],
        waitsMs: 3_210,
        query,
      },
      { pid: 4712, name: 'psql', waitsFor: 'a row of stock', behind: [4711], waitsMs: 900, query },
    ],
    decision: 'commit',
  };
}

export function sampleOrphan(): InDoubtTransaction {
  return {
    gid: 'stock-import-7',
    owner: 'inventory',
    transactionId: null,
    ageMs: 3 * 24 * 3_600_000,
    locked: [{ table: 'stock', wrote: true, count: 1, rows: [{ sku: 'mug' }] }],
    blocked: [],
    decision: 'unknown',
  };
}

export function sampleInDoubt(): InDoubt {
  return { items: [sampleBranch(), sampleOrphan()], unread: [] };
}

/** The resolution of that branch: rolled back against the decision. */
export function sampleResolution(): Resolution {
  const { gid, owner, transactionId } = sampleBranch();
  return { gid, owner, transactionId, decision: 'abort', log: 'commit', damage: true };
}
