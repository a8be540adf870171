import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './compose-file.ts';

export interface Instruction {
  /** The name in capitals, such as RUN or COPY. */
  name: string;
  /** The text after the name, with continued lines joined. */
  rest: string;
}

export interface Stage {
  base: string;
  name: string;
  instructions: Instruction[];
}

export function dockerfileText(): string {
  return readFileSync(join(ROOT, 'Dockerfile'), 'utf8');
}

export function dockerignoreText(): string {
  return readFileSync(join(ROOT, '.dockerignore'), 'utf8');
}

/** The stages of a Dockerfile. The `ARG`s before the first stage are filled in. Pure. */
export function readStages(dockerfile: string): Stage[] {
  const globals = new Map<string, string>();
  const stages: Stage[] = [];
  for (const { name, rest } of instructionsOf(dockerfile)) {
    const stage = stages.at(-1);
    if (name === 'FROM') {
      const [base = '', alias = ''] = rest.split(/\s+AS\s+/i);
      const filled = base.replaceAll(/\$\{(\w+)\}/g, (_all, arg: string) => globals.get(arg) ?? '');
      stages.push({ base: filled, name: alias, instructions: [] });
    } else if (stage === undefined) {
      const [arg = '', value = ''] = rest.split('=');
      globals.set(arg, value);
    } else {
      stage.instructions.push({ name, rest });
    }
  }
  return stages;
}

function instructionsOf(dockerfile: string): Instruction[] {
  return dockerfile
    .replaceAll(/^\s*#.*\n/gm, '')
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [, name = '', rest = ''] = /^(\w+)\s+(.*)$/.exec(line) ?? [];
      return { name: name.toUpperCase(), rest };
    });
}

/** Whether .dockerignore excludes a file: the last matching pattern counts. Pure. */
export function isIgnored(dockerignore: string, path: string): boolean {
  const parts = path.split('/');
  const prefixes = parts.map((_part, index) => parts.slice(0, index + 1).join('/'));
  let ignored = false;
  for (const line of dockerignore.split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    const pattern = patternOf(line.replace(/^!/, ''));
    if (prefixes.some((prefix) => pattern.test(prefix))) ignored = !line.startsWith('!');
  }
  return ignored;
}

/** In Docker, other than in a shell, a star also matches names that begin with a dot. */
function patternOf(glob: string): RegExp {
  const parts = glob.split(/(\*\*\/|\*)/).map((part) => {
    if (part === '**/') return '(?:.*/)?';
    return part === '*' ? '[^/]*' : part.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`);
  });
  return new RegExp(`^${parts.join('')}$`);
}
