import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DATABASES, LINKS, MESSAGE_TOPICS, VARIANTS } from './chaos-names.ts';
import { ACTIONS, parseChaos } from './parse-chaos.ts';
import { ARGUMENTS } from './rule-arguments.ts';
import { chaosOf, OTHERS, toggles } from './toggles.ts';

const page = readFileSync(join(import.meta.dirname, '../../../../docs/chaos.md'), 'utf8');
const spans = new Set([...page.matchAll(/`([^`\n]+)`/g)].map(([, text = '']) => text));

test.each([
  ['action', Object.values(ACTIONS).flat()],
  ['argument', [...Object.keys(ARGUMENTS), 'in', 'out']],
  ['toggle', [...toggles().map(({ name }) => name), ...OTHERS]],
  ['link', LINKS],
  ['topic', MESSAGE_TOPICS],
  ['database', Object.keys(DATABASES)],
  ['variant', Object.keys(VARIANTS)],
])('docs/chaos.md names every %s', (_kind, names) => {
  expect(names.filter((name) => !spans.has(name))).toEqual([]);
});

test('docs/chaos.md names no link and no toggle that does not exist', () => {
  const names = [...spans];
  expect(names.filter((text) => /^CHAOS_[A-Z_]+$/.test(text)).toSorted()).toEqual(
    [...toggles().map(({ name }) => name), ...OTHERS].filter((name) => name !== 'CHAOS').toSorted(),
  );
  const links = names.filter((text) => /^[a-z-]+->[a-z-]+$/.test(text));
  expect(links.toSorted()).toEqual(LINKS.toSorted());
});

test('every rule in docs/chaos.md can be parsed as it is written there', () => {
  const inSpans = [...spans].filter((text) => /^[a-z*.:>-]+=[a-z]+/.test(text) && text.length > 10);
  const quotedRules = /(?:CHAOS=|chaos set |"rules": )"([^"]+)"/g;
  const inBlocks = [...page.matchAll(quotedRules)].map(([, text = '']) => text);
  expect(Math.min(inSpans.length, inBlocks.length)).toBeGreaterThan(4);
  for (const text of [...inSpans, ...inBlocks]) expect(parseChaos(text)).not.toEqual([]);
});

test('docs/chaos.md lists every toggle with valid rules, and its examples are valid', () => {
  const rows = [...page.matchAll(/^\| `(CHAOS_\w+)` \|.*\| `([^`]+)` \|$/gm)];
  expect(rows.map(([, name]) => name)).toEqual(toggles().map(({ name }) => name));
  for (const [, , text = ''] of rows) expect(parseChaos(text)).not.toEqual([]);
  const lines = page.split('\n').filter((line) => line.startsWith('CHAOS_'));
  expect(lines.length).toBeGreaterThan(3);
  for (const line of lines) {
    const set = [...line.matchAll(/(CHAOS_\w+)="?([^" ]+)"?/g)];
    expect(chaosOf(Object.fromEntries(set.map(([, name, value]) => [name, value])))).not.toEqual(
      [],
    );
  }
});
