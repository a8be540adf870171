import type { Pool } from '@indoubt/database';
import type { DatabaseOwner } from '../../infrastructure/provider.ts';
import type { Endpoints } from '../run-result.ts';

/** Access of an operator to a lab: directly to its databases, so that no service must be up. */
export interface OperatedLab {
  /** The first part of the gids of this lab. */
  name: string;
  databases: Record<DatabaseOwner, Pool>;
}

/** The name of a lab, which is also the first part of its topics. */
export function labNameOf({ topicPrefix }: Pick<Endpoints, 'topicPrefix'>): string {
  return topicPrefix.replace(/\.$/, '');
}

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

/**
 * The global transaction of a gid LAB/SERVICE/TRANSACTION in the database of that service.
 * @returns null for any other gid, which no service of this lab has prepared
 */
export function transactionOfGid(lab: string, owner: DatabaseOwner, gid: string): string | null {
  const prefix = `${lab}/${owner}/`;
  const id = gid.slice(prefix.length);
  return gid.startsWith(prefix) && UUID.test(id) ? id : null;
}
