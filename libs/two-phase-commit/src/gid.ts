/**
 * The name of a branch: lab, service and transaction. Postgres knows prepared transactions by it
 * for the whole server, so two labs, or two services, must never share one.
 */
export function gidOf(lab: string, service: string, transactionId: string): string {
  return `${lab}/${service}/${transactionId}`;
}

/** @returns the transaction of a gid that is this service's own; undefined for any other */
export function transactionOf(lab: string, service: string, gid: string): string | undefined {
  const prefix = gidOf(lab, service, '');
  return gid.startsWith(prefix) ? gid.slice(prefix.length) : undefined;
}
