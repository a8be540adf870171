import { execa } from 'execa';

/** An account of this machine that a server may run as. */
export interface Account {
  name: string;
  uid: number;
  gid: number;
}

// The first where Postgres's own packages or image are, the second on macOS, the last everywhere.
const CANDIDATES = ['postgres', '_postgres', 'nobody'];

/**
 * Who Postgres runs as. It refuses root (a superuser of the database could then do anything to the
 * machine), so for root we borrow an account that has no rights, and create none.
 * @returns undefined when we are an ordinary user (it runs as ourselves); null when root finds none
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

/** Asks the kernel, as that account: rights, ACLs and every folder above count. */
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
