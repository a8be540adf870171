/**
 * The name of a branch: lab, service and transaction. Postgres knows prepared transactions by it
 * for the whole server, so two labs, or two services, must never share one.
 */
export function gidOf(lab: string, service: string, transactionId: string): string {
  return `${lab}/${service}/${transactionId}`;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** @returns the transaction of a gid that is this service's own; undefined for any other */
export function transactionOf(lab: string, service: string, gid: string): string | undefined {
  const prefix = gidOf(lab, service, '');
  const id = gid.startsWith(prefix) ? gid.slice(prefix.length) : '';
  return UUID.test(id) ? id : undefined;
}
