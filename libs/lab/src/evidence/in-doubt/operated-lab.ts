import type { Pool } from '@indoubt/database';
import type { DatabaseOwner } from '../../infrastructure/provider.ts';
import type { Endpoints } from '../run-result.ts';

/** A lab as its operator reaches it: by its databases, so that no service need be up. */
export interface OperatedLab {
  /** What the gids of its own branches begin with. */
  name: string;
  databases: Record<DatabaseOwner, Pool>;
}

/** Its name is in front of its topics, too. */
export function labNameOf({ topicPrefix }: Pick<Endpoints, 'topicPrefix'>): string {
  return topicPrefix.replace(/\.$/, '');
}

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

/**
 * The global transaction that a prepared one is a branch of: LAB/SERVICE/TRANSACTION, in that
 * service's own database.
 * @returns null for any other gid: nobody here has prepared it
 */
export function transactionOfGid(lab: string, owner: DatabaseOwner, gid: string): string | null {
  const prefix = `${lab}/${owner}/`;
  const id = gid.slice(prefix.length);
  return gid.startsWith(prefix) && UUID.test(id) ? id : null;
}
