import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { composeText, ROOT } from '../containers/compose-file.ts';
import { scaled } from '../runner/slowness.ts';

const run = promisify(execFile);
const MODULE = join(import.meta.dirname, '..', 'containers', 'compose-config');
const BUILD_WITHIN_MS = scaled(280_000);

/** Compose's own library as a program. It is built once, and again when its sources change. */
async function composeConfig(): Promise<string> {
  const hash = createHash('sha256');
  for (const name of ['main.go', 'go.mod', 'go.sum']) hash.update(readFileSync(join(MODULE, name)));
  const folder = join(ROOT, '.lab', 'cache');
  const program = join(folder, `compose-config-${hash.digest('hex').slice(0, 8)}`);
  if (existsSync(program)) return program;
  await mkdir(folder, { recursive: true });
  const built = `${program}.${process.pid}.tmp`;
  await run('go', ['build', '-trimpath', '-o', built, '.'], {
    cwd: MODULE,
    timeout: BUILD_WITHIN_MS,
  });
  await rename(built, program);
  return program;
}

/** Messages of Go when it cannot reach the servers of its modules. */
const UNREACHED = new RegExp(
  [
    'dial tcp|proxyconnect|i/o timeout|TLS handshake timeout|connection (refused|reset)',
    ': 50[234] |lookup disabled by GOPROXY=off',
  ].join('|'),
);

/** The line about the network in the output of a failed build, if there is one. Pure. */
function unreached(output: string): string | undefined {
  return output.split('\n').find((line) => UNREACHED.test(line));
}

/**
 * @returns the program, or null (and sets `missing`) if the modules cannot be fetched
 * @throws any other error of the build
 */
async function builtProgram(): Promise<string | null> {
  try {
    return await composeConfig();
  } catch (error) {
    const line = unreached(String(Object(error)['stderr']));
    if (line === undefined) throw error;
    missing = `Go cannot fetch it: ${line.slice(0, 300)}`;
    return null;
  }
}

let folder: string;
let program: string | null = null;
let missing = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'in-doubt-compose-'));
  const go = await run('go', ['version']).catch(() => undefined);
  if (go === undefined) missing = 'no Go on PATH, which builds the library of Compose';
  else program = await builtProgram();
  if (missing !== '') process.stderr.write(`SKIPPED: ${missing}\n`);
});
afterAll(() => rm(folder, { recursive: true }));

/** @returns the model of the project as JSON, or the error that Compose prints */
async function read(text: string): Promise<string> {
  const file = join(folder, 'docker-compose.yml');
  await writeFile(file, text);
  const { stdout, stderr } = await run(program ?? '', [file]).catch(
    (error: { stdout: string; stderr: string }) => error,
  );
  return stdout + stderr;
}

test.each([
  'm@v1: Get "https://proxy.example/m": dial tcp: lookup proxy.example: no such host',
  'm@v1: Get "https://proxy.example/m": dial tcp 127.0.0.1:1: connect: connection refused',
  'm@v1: reading https://proxy.example/m: 503 Service Unavailable',
  'main.go:10:2: module lookup disabled by GOPROXY=off',
])('a build that failed for lack of network skips the tests: %s', (line) => {
  expect(unreached(`go: downloading m v1\n${line}\n`)).toBe(line);
});

test.each([
  './main.go:5:2: undefined: loader',
  'verifying m@v1: checksum mismatch',
  'main.go:4:2: missing go.sum entry for module providing package m',
  'm@v1: reading https://proxy.example/m: 404 Not Found',
])('a build that failed for another reason does not skip the tests: %s', (line) => {
  expect(unreached(line)).toBeUndefined();
});

test('the library of Compose accepts the compose file', async ({ skip }) => {
  skip(program === null, `the library of Compose cannot be built: ${missing}`);
  const model = JSON.parse(await read(composeText())) as { services: Record<string, unknown> };
  expect(Object.keys(model.services)).toContain('relay-inventory');
  expect(model.services['order']).toMatchObject({
    ports: [{ host_ip: '127.0.0.1', published: '8081', target: 8080 }],
    environment: { COORDINATION: 'saga', KAFKA_BROKERS: 'kafka:19092' },
  });
});

const good = composeText();

test.for([
  ['a misspelt key', good.replace('cap_drop:', 'cap_dorp:'), /cap_dorp/],
  ['a dependency on an unknown service', good.replace('kafka: { cond', 'kakfa: { cond'), /kakfa/],
  ['a cycle of dependencies', good.replace('  kafka:\n', '$&    depends_on: [order]\n'), /cycle/],
  ['an undeclared volume', good.replace('- card-data:', '- card-date:'), /card-date/],
  ['an invalid port', good.replace('}:8080', '}:80800'), /80800/],
  ['an unknown anchor', good.replace('<<: *service', '<<: *servcie'), /servcie/],
  ['an invalid duration', good.replace('interval: 1s', 'interval: soon'), /soon|interval/],
] as const)(
  'the library of Compose rejects a compose file with %s',
  async ([, text, says], { skip }) => {
    skip(program === null, `the library of Compose cannot be built: ${missing}`);
    expect(text).not.toBe(good);
    const output = await read(text);
    expect(output).toMatch(says);
    expect(output).not.toMatch(/^\{/);
  },
);
