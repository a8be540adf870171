import {
  addChaos,
  FAILPOINTS,
  listChaos,
  parseChaos,
  releasePaused,
  setChaos,
} from '@indoubt/chaos';
import { didYouMean, Failure } from '@indoubt/failure';
import { type Route, route } from '@indoubt/http';
import { z } from 'zod';

const TEXT_MAX = 10_000;
const rules = z.strictObject({ rules: z.string().max(TEXT_MAX) });
const release = z.strictObject({ name: z.string().max(200).optional() });
const faults = z.object({
  process: z.string(),
  links: z.boolean(),
  rules: z.array(z.object({ rule: z.string(), hits: z.int(), fired: z.int() })),
});
const released = z.object({ released: z.int() });

export interface ChaosControl {
  process: string;
  /** Whether this process has links. */
  hasLinks: boolean;
}

/**
 * Routes for the faults of a running process: `GET /chaos` lists the faults with their hits, `POST`
 * adds faults, `PUT` replaces them, `DELETE` clears them. `POST /chaos/release` resumes paused
 * work. All routes need the secret.
 */
export function chaosRoutes({ process, hasLinks }: ChaosControl): Route[] {
  const state = () => ({ process, links: hasLinks, rules: listChaos() });
  const common = { path: '/chaos', answers: { 200: faults }, problems: [], secured: true };
  return [
    route(
      { ...common, method: 'GET', summary: 'Lists the armed faults, with their hits' },
      ({ response }) => response.json(state()),
    ),
    route(
      {
        ...common,
        method: 'PUT',
        summary: 'Arms these faults in place of all others',
        body: rules,
      },
      ({ body, response }) => {
        setChaos(readRules(body.rules, hasLinks));
        response.json(state());
      },
    ),
    route(
      {
        ...common,
        method: 'POST',
        summary: 'Arms these faults in addition to the others',
        body: rules,
      },
      ({ body, response }) => {
        const more = readRules(body.rules, hasLinks);
        asRequest(() => addChaos(more, 'rules'));
        response.json(state());
      },
    ),
    route({ ...common, method: 'DELETE', summary: 'Disarms all faults' }, ({ response }) => {
      setChaos([]);
      response.json(state());
    }),
    releasing,
  ];
}

const releasing = route(
  {
    method: 'POST',
    path: '/chaos/release',
    summary: 'Resumes the work that a fault has paused',
    body: release,
    answers: { 200: released },
    problems: [],
    secured: true,
  },
  ({ body: { name }, response }) => {
    if (name !== undefined) checkKnown(name);
    response.json({ released: releasePaused(name) });
  },
);

/** @throws Failure 'invalid-request' (definite: nothing is released) */
function checkKnown(wanted: string): void {
  const names = FAILPOINTS.map(({ name }) => name);
  if (names.some((name) => name === wanted)) return;
  const hint = didYouMean(wanted, names);
  throw new Failure('invalid-request', `There is no crash point of that name.${hint}`);
}

/** Turns an error about rules into a Failure 'invalid-request'. */
function asRequest<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    throw new Failure('invalid-request', error.message, { cause: error });
  }
}

/** @throws Failure 'invalid-request' (definite: nothing is armed) */
function readRules(text: string, hasLinks: boolean) {
  const parsed = asRequest(() => parseChaos(text, 'rules'));
  const armed = new Set(listChaos().map(({ rule }) => rule));
  if (parsed.some(({ kind, text: rule }) => kind === 'variant' && !armed.has(rule))) {
    const next = 'Start the process with CHAOS_VARIANT=NAME.';
    throw new Failure(
      'invalid-request',
      `A broken variant can be armed only at the start. ${next}`,
    );
  }
  if (!hasLinks && parsed.some(({ kind }) => kind === 'link')) {
    const next = 'Start the process with CHAOS_LINKS=on.';
    throw new Failure('invalid-request', `This process has no links. ${next}`);
  }
  return parsed;
}
