import { execa } from 'execa';

/** An account of this machine that a server may run as. */
export interface Account {
  name: string;
  uid: number;
  gid: number;
}

// The first exists with Postgres's own packages or image, the second on macOS, the last everywhere.
const CANDIDATES = ['postgres', '_postgres', 'nobody'];

/**
 * The account that Postgres runs as. Postgres refuses root, because a superuser of the database
 * could then do anything to the machine. For root an existing account without rights is used.
 * @returns undefined for an ordinary user (Postgres runs as this user); null when root finds none
 */
export async function unprivilegedAccount(): Promise<Account | undefined | null> {
  if (process.geteuid?.() !== 0) return undefined;
  for (const name of CANDIDATES) {
    const uid = await idOf('-u', name);
    const gid = await idOf('-g', name);
    if (uid !== null && gid !== null && uid !== 0) return { name, uid, gid };
  }
  return null;
}

async function idOf(what: '-u' | '-g', name: string): Promise<number | null> {
  const { stdout, failed } = await execa('id', [what, name], { reject: false });
  return failed || !/^\d+$/.test(stdout) ? null : Number(stdout);
}

/** Tests as that account, so that rights, ACLs and every parent folder count. */
export async function canRead(account: Account, paths: string[]): Promise<boolean> {
  const script = 'for path do test -r "$path" || exit 1; done';
  const { failed } = await execa('sh', ['-c', script, 'sh', ...paths], {
    uid: account.uid,
    gid: account.gid,
    cwd: '/',
    reject: false,
  });
  return !failed;
}
