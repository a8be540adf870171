import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from '../containers/compose-file.ts';
import {
  dockerfileText,
  dockerignoreText,
  isIgnored,
  readStages,
  type Stage,
} from '../containers/dockerfile.ts';
import { houseFiles } from './house.ts';

const bring = readFileSync(join(ROOT, 'tools', 'bring.sh'), 'utf8');
const wanted = (tool: string) => new RegExp(`^${tool}_wanted=(\\S+)`, 'm').exec(bring)?.[1];

/** The rules for images that a Dockerfile breaks. Pure. */
function faultsOf(dockerfile: string): string[] {
  const stages = readStages(dockerfile);
  const built = new Set(stages.map(({ name }) => name));
  const bases = stages.filter(({ base }) => !built.has(base));
  const finals = stages.filter(({ instructions }) => has(instructions, 'CMD'));
  return [
    ...bases
      .filter(({ base }) => !base.startsWith(`node:${wanted('node')}-`))
      .map(({ base }) => `${base} is not exactly the Node version of tools/bring.sh`),
    ...(dockerfile.includes(`pnpm@${wanted('pnpm')}\n`)
      ? []
      : ['pnpm is not the version of tools/bring.sh']),
    ...(finals.length > 0 ? [] : ['no stage has a CMD']),
    ...finals.flatMap(faultsOfFinal),
    ...stages.flatMap(({ instructions }) => instructions.flatMap(faultsOfInstruction)),
  ];
}

function has(instructions: Stage['instructions'], wantedName: string): boolean {
  return instructions.some(({ name }) => name === wantedName);
}

function faultsOfFinal({ name, instructions }: Stage): string[] {
  const last = (wantedName: string) => instructions.findLast((each) => each.name === wantedName);
  const user = last('USER')?.rest ?? 'root';
  return [
    ...(/^(root|0)\b/.test(user) ? [`${name} runs as root`] : []),
    ...(/readyz/.test(last('HEALTHCHECK')?.rest ?? '') ? [] : [`${name} has no healthcheck`]),
    ...(last('CMD')?.rest.startsWith('[') ? [] : [`${name} runs through a shell: no SIGTERM`]),
  ];
}

function faultsOfInstruction({ name, rest }: Stage['instructions'][number]): string[] {
  if (name === 'ADD') return ['ADD unpacks and downloads: use COPY'];
  const isSecret = /^(ARG|ENV)$/.test(name) && /SECRET|PASSWORD|TOKEN/i.test(rest);
  return isSecret ? [`${name} ${rest}: an image must not contain a secret`] : [];
}

const good = dockerfileText();

test.each([
  ['another Node', good.replace(/NODE=\S+/, 'NODE=24-slim'), 'not exactly the Node'],
  ['another pnpm', good.replace(/pnpm@[\d.]+/, 'pnpm@latest'), 'pnpm is not the'],
  ['no user', good.replace(/^USER .*$/m, ''), 'runs as root'],
  ['root as the last user', good.replace(/^USER .*$/m, '$&\nUSER root'), 'runs as root'],
  ['no healthcheck', good.replace('readyz', 'healthy'), 'has no healthcheck'],
  ['a CMD through a shell', good.replace(/^CMD .*$/m, 'CMD node src/main.ts'), 'through a shell'],
  ['a secret', good.replace(/^USER .*$/m, '$&\nENV SERVICE_SECRET=abc'), 'must not contain'],
  ['ADD', good.replace('COPY . .', 'ADD . .'), 'ADD unpacks'],
])('the rule rejects a Dockerfile with %s', (_what, dockerfile, says) => {
  expect(faultsOf(dockerfile).join('\n')).toContain(says);
});

test('the Dockerfile breaks none of the rules for images', () => {
  expect(faultsOf(good)).toEqual([]);
});

test('the build context has only the files that images are made of', () => {
  const ignore = dockerignoreText();
  const seen = houseFiles()
    .map(({ path }) => path)
    .filter((path) => !isIgnored(ignore, path));
  expect(seen).toContain('services/order/src/main.ts');
  expect(seen).toContain('libs/patterns/outbox/migrations/0001_outbox.sql');
  expect(seen.filter((path) => !/^(libs|services)\/|^scenarios\/package.json$/.test(path))).toEqual(
    ['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml'],
  );
  expect(seen.filter((path) => /\.(test\.ts|md)$/.test(path))).toEqual([]);
  expect(isIgnored(ignore, 'libs/patterns/outbox/node_modules/pg/index.js')).toBe(true);
  expect(isIgnored(ignore, '.env')).toBe(true);
});
