import { autocommit, createPool, type Pool, preparedMax, type Queries } from '@indoubt/database';
import { Failure } from '@indoubt/failure';
import { durationMs, httpUrls, type Log, type Route, serviceSecret } from '@indoubt/http';
import { z } from 'zod';
import { branchRoutes } from './branch-routes.ts';
import type { AnyBranchWork } from './branch-work.ts';
import { type Branches, createBranches } from './branches.ts';
import type { BranchesParts } from './branches-parts.ts';
import { chosenDecisionSource } from './chosen-decision-source.ts';
import { type CoordinatorClient, createCoordinatorClient } from './coordinator-client.ts';
import { recoverBranches } from './recover-branches.ts';

const PREPARED_MIN = 16;

/** Settings of a service that can be a participant, for `serviceConfig.extend`. */
export const transactionParticipantSettings = {
  /** First part of each gid, so that several labs can share one server. */
  LAB: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'letters a-z, digits, "-"')
    .default('in-doubt'),
  /** Shared by coordinator and participants: no other client may commit or abort. */
  SERVICE_SECRET: serviceSecret.optional(),
  /** The coordinators, in the order in which they are tried. Without them: sagas only. */
  COORDINATOR_URLS: httpUrls.optional(),
  IN_DOUBT_POLL_EVERY_MS: durationMs.default(500),
  ORPHAN_AFTER_MS: durationMs.default(2_000),
  /** Branches that may be prepared at once: the server must allow at least this many. */
  PREPARED_TRANSACTIONS_MIN: z.coerce.number().int().min(1).max(10_000).default(PREPARED_MIN),
};
const settings = z.object({ ...transactionParticipantSettings, DATABASE_URL: z.string() });
type Settings = z.output<typeof settings>;

export interface TransactionParticipantParts {
  service: string;
  config: Settings;
  pool: Pool;
  read: Queries;
  log: Log;
  works: AnyBranchWork[];
  /** Called when a branch has ended here for the first time. */
  ended?: BranchesParts['ended'];
}

/** A service as a participant of global transactions. */
export interface TransactionParticipant {
  branches: Branches;
  coordinator: CoordinatorClient;
  routes: Route[];
  close(): Promise<void>;
}

const END_CONNECTIONS_MAX = 4;
/** An abort retries rather than waits while the prepare of its branch is in progress. */
const END_LOCK_WITHIN_MS = 50;

/**
 * Opens a service's branches, their routes and their recovery.
 * @returns undefined when no coordinator is configured: the service takes part in sagas only
 * @throws Failure 'invalid-config' (definite) when the server allows too few prepared transactions
 */
export async function openTransactionParticipant(
  parts: TransactionParticipantParts,
): Promise<TransactionParticipant | undefined> {
  const { service, config, pool, read, log, works, ended = () => undefined } = parts;
  const { COORDINATOR_URLS: urls, SERVICE_SECRET: secret, LAB: lab } = config;
  if (urls === undefined && secret === undefined) return undefined;
  if (urls === undefined || secret === undefined) {
    const what = `${service}: only one of COORDINATOR_URLS and SERVICE_SECRET is set`;
    throw new Failure('invalid-config', `${what}.\nSet both for two-phase commit, or neither.`);
  }
  checkPreparedMax(service, await preparedMax(read), config.PREPARED_TRANSACTIONS_MIN);
  const endPool = createPool({
    url: config.DATABASE_URL,
    name: `${service} phase two`,
    connectionsMax: END_CONNECTIONS_MAX,
    lockWithinMs: END_LOCK_WITHIN_MS,
  });
  const endRead = autocommit(endPool);
  const own = { lab, service, workPool: pool, endPool, read: endRead, works, ended };
  const branches = createBranches(own);
  const coordinator = createCoordinatorClient(urls, secret);
  const recovery = recoverBranches({
    branches,
    log,
    requestDecision: chosenDecisionSource((id) => coordinator.vote(id, service)),
    everyMs: config.IN_DOUBT_POLL_EVERY_MS,
    orphanAfterMs: config.ORPHAN_AFTER_MS,
  });
  return {
    branches,
    coordinator,
    routes: branchRoutes(branches, works),
    async close() {
      await recovery.stop();
      await coordinator.close();
      await endPool.end();
    },
  };
}

/** @throws Failure 'invalid-config' (definite) with the setting to change and a note on restart */
function checkPreparedMax(service: string, max: number, needed: number): void {
  if (max >= needed) return;
  const what = `${service}: max_prepared_transactions of its PostgreSQL server is ${max}`;
  const why =
    max === 0
      ? 'so PREPARE TRANSACTION is refused, and two-phase commit cannot work'
      : `but PREPARED_TRANSACTIONS_MIN requires ${needed}`;
  const next =
    `Set max_prepared_transactions = ${needed} or more (in postgresql.conf, or ` +
    `postgres -c max_prepared_transactions=${needed}) and restart the server: ` +
    'PostgreSQL reads this setting only at start.';
  throw new Failure('invalid-config', `${what}, ${why}.\n${next}`);
}
