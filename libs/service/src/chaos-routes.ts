import { parseBody, type Router, requireSecret } from '@indoubt/chassis';
import {
  addChaos,
  FAILPOINTS,
  listChaos,
  parseChaos,
  releasePaused,
  setChaos,
} from '@indoubt/failpoint';
import { didYouMean, Failure } from '@indoubt/failure';
import { z } from 'zod';

const TEXT_MAX = 10_000;
const rules = z.strictObject({ rules: z.string().max(TEXT_MAX) });
const release = z.strictObject({ name: z.string().max(200).optional() });

export interface ChaosControl {
  process: string;
  secret: string;
  /** Whether faults of links can take effect here. */
  hasLinks: boolean;
}

/**
 * Faults of a process that runs: `GET /chaos` lists them with their hits, `POST` adds to them,
 * `PUT` replaces them, `DELETE` clears them; `POST /chaos/release` lets go on what is paused.
 * All need the secret.
 */
export function chaosRoutes({ process, secret, hasLinks }: ChaosControl): (app: Router) => void {
  const guarded = requireSecret(secret);
  const state = () => ({ process, links: hasLinks, rules: listChaos() });
  return (app) => {
    app.get('/chaos', guarded, (_request, response) => {
      response.json(state());
    });
    app.put('/chaos', guarded, (request, response) => {
      setChaos(readRules(parseBody(rules, request).rules, hasLinks));
      response.json(state());
    });
    app.post('/chaos', guarded, (request, response) => {
      const more = readRules(parseBody(rules, request).rules, hasLinks);
      asRequest(() => addChaos(more, 'rules'));
      response.json(state());
    });
    app.delete('/chaos', guarded, (_request, response) => {
      setChaos([]);
      response.json(state());
    });
    app.post('/chaos/release', guarded, (request, response) => {
      const { name } = parseBody(release, request);
      if (name !== undefined) checkKnown(name);
      response.json({ released: releasePaused(name) });
    });
  };
}

/** @throws Failure 'invalid-request' (definite: nothing is released) */
function checkKnown(wanted: string): void {
  const names = FAILPOINTS.map(({ name }) => name);
  if (names.some((name) => name === wanted)) return;
  const hint = didYouMean(wanted, names);
  throw new Failure('invalid-request', `There is no crash point of that name.${hint}`);
}

/** What is wrong with rules is wrong with the request here. */
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
    const next = 'Start it with CHAOS_VARIANT=NAME.';
    throw new Failure('invalid-request', `A broken variant is there from the start. ${next}`);
  }
  if (!hasLinks && parsed.some(({ kind }) => kind === 'link')) {
    const next = 'Start it with CHAOS_LINKS=on.';
    throw new Failure('invalid-request', `This process has no links to make faulty. ${next}`);
  }
  return parsed;
}
