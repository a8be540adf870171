import { dirname, posix } from 'node:path';
import { expect, test } from 'vitest';
import { type Breach, houseFiles, markdownOf, report, type SourceFile } from './house.ts';

function deadLinks(files: SourceFile[]): Breach[] {
  const anchors = new Map(files.map((file) => [file.path, anchorsOf(file)]));
  const folders = new Set(files.flatMap(({ path }) => foldersAbove(path)));
  return markdownOf(files).flatMap(({ path, text }) =>
    linksIn(text).flatMap(({ target, line }) => {
      const [file = '', anchor] = target.split('#');
      const place = file === '' ? path : posix.join(dirname(path), decodeURI(file));
      const known = anchors.get(place);
      if (known === undefined && !folders.has(posix.join(place, '.'))) {
        const says = `links to ${target}, which is not in the repository: fix the path`;
        return [{ path, line, says }];
      }
      if (anchor === undefined || known === undefined || known.has(anchor)) return [];
      return [
        { path, line, says: `links to ${target}, a heading that does not exist: fix the link` },
      ];
    }),
  );
}

/** Links and images to local targets, outside of fenced code. */
function linksIn(text: string): { target: string; line: number }[] {
  return proseOf(text).flatMap((prose, index) =>
    [...prose.matchAll(/\]\(<?([^)\s>]+)>?(?:\s+"[^"]*")?\)|^\[[^\]]+\]:\s+(\S+)/g)]
      .map(([, inline, reference]) => inline ?? reference ?? '')
      .filter((target) => !/^([a-z][a-z+.-]*:|\/\/)/i.test(target))
      .map((target) => ({ target, line: index + 1 })),
  );
}

/** The lines, without fenced code and code spans. */
function proseOf(text: string): string[] {
  let fenced = false;
  return text.split('\n').map((line) => {
    const fence = /^\s*(```|~~~)/.test(line);
    if (fence) fenced = !fenced;
    return fence || fenced ? '' : line.replaceAll(/`[^`]*`(?!\]\()/g, '');
  });
}

/** The anchors that GitHub makes of headings: lower case, no punctuation, hyphens for spaces. */
function anchorsOf({ path, text }: SourceFile): Set<string> {
  if (!path.endsWith('.md')) return new Set();
  let fenced = false;
  const headings = text.split('\n').flatMap((line) => {
    if (/^\s*(```|~~~)/.test(line)) fenced = !fenced;
    return fenced ? [] : (/^#{1,6}\s+(.+?)\s*#*$/.exec(line)?.[1] ?? []);
  });
  return new Set(headings.map(slug));
}

function slug(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(/\s/g, '-');
}

function foldersAbove(path: string): string[] {
  const parts = path.split('/').slice(0, -1);
  return ['.', ...parts.map((_, index) => parts.slice(0, index + 1).join('/'))];
}

const target = { path: 'docs/target.md', text: '# What `it` does: a lot\n' };

test.each([
  '[gone](gone.md)',
  '![picture](pictures/gone.png)',
  '[no such heading](target.md#gone)',
  '[here](#gone)',
  '[named]: gone.md',
  '[out](../../target.md)',
])('the rule finds a dead link: %s', (text) => {
  expect(deadLinks([target, { path: 'docs/a.md', text }])).toHaveLength(1);
});

test.each([
  '[file](target.md)',
  '[heading](target.md#what-it-does-a-lot)',
  '[folder](../docs/) and [root](..)',
  '[elsewhere](https://example.org/gone.md)',
  '```\n[code](gone.md)\n```',
  'the syntax `[text](gone.md)`',
])('the rule accepts a text without a dead link: %s', (text) => {
  expect(deadLinks([target, { path: 'docs/a.md', text }])).toEqual([]);
});

test('every local link in Markdown has a target', () => {
  expect(report(deadLinks(houseFiles()))).toBe('');
});
