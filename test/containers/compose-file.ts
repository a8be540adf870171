import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

/** The checkout. */
export const ROOT = join(import.meta.dirname, '..', '..');

const text = z.union([z.string(), z.number()]).transform(String);

/** The parts of a service that our rules check. Compose's own library checks the rest. */
const service = z.object({
  image: z.string().optional(),
  build: z
    .object({ context: z.string(), target: z.string(), args: z.record(z.string(), text) })
    .optional(),
  profiles: z.array(z.string()).default([]),
  ports: z.array(z.string()).default([]),
  volumes: z.array(z.string()).default([]),
  environment: z.record(z.string(), text).default({}),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
  healthcheck: z.unknown().optional(),
  restart: z.string().optional(),
  init: z.boolean().default(false),
  read_only: z.boolean().default(false),
  cap_drop: z.array(z.string()).default([]),
  security_opt: z.array(z.string()).default([]),
});
const composeFile = z.object({
  services: z.record(z.string(), service),
  volumes: z.record(z.string(), z.unknown()),
});
export type ComposeFile = z.output<typeof composeFile>;
export type ComposeService = z.output<typeof service>;

export function composeText(): string {
  return readFileSync(join(ROOT, 'docker-compose.yml'), 'utf8');
}

/**
 * Reads a compose file as `docker compose` does with these variables: anchors are merged, and each
 * `${NAME:-default}` is replaced. Pure.
 */
export function readCompose(yaml: string, env: Record<string, string> = {}): ComposeFile {
  const fill = (_key: string, value: unknown): unknown =>
    typeof value === 'string' ? interpolated(value, env) : value;
  return composeFile.parse(JSON.parse(JSON.stringify(parse(yaml, { merge: true }), fill)));
}

function interpolated(value: string, env: Record<string, string>): string {
  const variable = /\$\{(\w+):-([^}]*)\}/g;
  return value.replaceAll(variable, (_all, name: string, otherwise: string) => {
    return env[name] || otherwise;
  });
}
