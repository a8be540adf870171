/**
 * The name of a branch: lab, service and transaction. The names of prepared transactions are unique
 * on a Postgres server, so two labs or two services must never use the same name.
 */
export function gidOf(lab: string, service: string, transactionId: string): string {
  return `${lab}/${service}/${transactionId}`;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** @returns the transaction id of a gid of this service; undefined for any other gid */
export function transactionOf(lab: string, service: string, gid: string): string | undefined {
  const prefix = gidOf(lab, service, '');
  const id = gid.startsWith(prefix) ? gid.slice(prefix.length) : '';
  return UUID.test(id) ? id : undefined;
}
