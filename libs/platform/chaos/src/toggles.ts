import { didYouMean } from '@indoubt/failure';
import { DATABASES, VARIANTS } from './chaos-names.ts';
import type { ChaosRule } from './chaos-rule.ts';
import { checkTogether } from './check-together.ts';
import { parseChaos } from './parse-chaos.ts';
import { invalidConfig, quoted } from './wrong-part.ts';

type Toggle = (value: string) => string[] | undefined;

/** Variables for common faults, each short for rules of the grammar. */
const TOGGLES: Record<string, { expects: string; rules: Toggle }> = {
  CHAOS_PAYMENT_DECLINE: {
    expects: 'true or a probability: 0.5',
    rules: (value) => often(value, (when) => [`payment=decline(${when})`]),
  },
  CHAOS_PAYMENT_LATENCY_MS: {
    expects: 'whole milliseconds: 500',
    rules: (value) =>
      /^[1-9]\d{0,6}$/.test(value) ? [`payment:received-*=delay(${value}ms)`] : undefined,
  },
  CHAOS_KAFKA_DUPLICATE: messages('duplicate'),
  CHAOS_KAFKA_DROP: messages('drop'),
  CHAOS_KAFKA_REORDER: messages('reorder'),
  CHAOS_DB_DOWN: {
    expects: `${Object.keys(DATABASES).join(', ')}, each with an optional duration: payments@2s`,
    rules: (value) =>
      timedList(value, (name, length) => {
        const processes = Object.hasOwn(DATABASES, name) ? [`*->${name}-db`] : undefined;
        return processes?.map((link) => `${link}=cut${length}`);
      }),
  },
  CHAOS_BROKER_DOWN: {
    expects: 'true or a duration: 2s',
    rules: (value) => {
      if (isOn(value)) return ['*->kafka=cut'];
      return /^\d+(ms|s|m)$/.test(value) ? [`*->kafka=cut(for=${value})`] : undefined;
    },
  },
  CHAOS_PARTITION: {
    expects:
      'order, payment or inventory, and kafka or coordinator: order|kafka, with an optional ' +
      'duration: order|kafka@2s',
    rules: (value) => partition(value),
  },
  CHAOS_VARIANT: {
    expects: `one or more of ${Object.keys(VARIANTS).join(', ')}`,
    rules: (value) => value.split(',').map((name) => `variant=${name.trim()}`),
  },
};

/** Variables about chaos that are not toggles. */
export const OTHERS = ['CHAOS', 'CHAOS_SEED', 'CHAOS_CONTROL', 'CHAOS_LINKS'];

/**
 * All rules of the environment: those of `CHAOS` and those of the toggles. A toggle that is empty,
 * `false` or `0` is off.
 * @throws Failure 'invalid-config' (definite: nothing is armed) for an unknown toggle, for a value
 *   that cannot be read, and for faults that contradict each other
 */
export function chaosOf(env: Readonly<Record<string, string | undefined>>): ChaosRule[] {
  const rules = parseChaos(env['CHAOS'] ?? '');
  const sources = rules.length === 0 ? [] : ['CHAOS'];
  for (const [name, value] of Object.entries(env)) {
    if (!name.startsWith('CHAOS_') || OTHERS.includes(name)) continue;
    if (value === undefined || isOff(value)) continue;
    rules.push(...rulesOf(name, value.trim()));
    sources.push(name);
  }
  checkTogether(rules, sources.join(' and '));
  return rules;
}

/** The names of the toggles, and the value that each expects. */
export function toggles(): { name: string; expects: string }[] {
  return Object.entries(TOGGLES).map(([name, { expects }]) => ({ name, expects }));
}

function rulesOf(name: string, value: string): ChaosRule[] {
  const toggle = TOGGLES[name];
  if (toggle === undefined) {
    const names = [...OTHERS, ...Object.keys(TOGGLES)];
    const what = `${name} is set, and nothing reads it.${didYouMean(name, names)}`;
    throw invalidConfig(`${what}\nNext: correct or unset it. Known are ${names.join(', ')}.`);
  }
  const rules = toggle.rules(value);
  if (rules === undefined) {
    throw invalidConfig(`${name} is ${quoted(value)}; expected ${toggle.expects}.`);
  }
  return parseChaos(rules.join('; '), name);
}

function isOn(value: string): boolean {
  return ['1', 'true', 'yes', 'on'].includes(value.toLowerCase());
}

function isOff(value: string): boolean {
  return ['', '0', 'false', 'no', 'off'].includes(value.trim().toLowerCase());
}

function messages(action: string): { expects: string; rules: Toggle } {
  return {
    expects: 'true or a probability: 0.1',
    rules: (value) => often(value, (when) => [`*=${action}(${when})`]),
  };
}

/** `true` means at every hit; a number is a probability. */
function often(value: string, rules: (when: string) => string[]): string[] | undefined {
  if (isOn(value)) return rules('p=1');
  return /^0\.\d{1,6}$/.test(value) && Number(value) > 0 ? rules(`p=${value}`) : undefined;
}

/** Reads names with optional durations, such as `a@2s, b`. */
function timedList(
  value: string,
  rules: (name: string, length: string) => string[] | undefined,
): string[] | undefined {
  const all = value.split(',').map((part) => {
    const [, name, length] = /^([a-z-]+)(?:@(\d+(?:ms|s|m)))?$/.exec(part.trim()) ?? [];
    return name === undefined
      ? undefined
      : rules(name, length === undefined ? '' : `(for=${length})`);
  });
  return all.every((each) => each !== undefined) ? all.flat() : undefined;
}

const SIDES = ['order', 'payment', 'inventory', 'coordinator', 'kafka'];

/** Blocks the links between the two sides; a relay is on the side of its service. */
function partition(value: string): string[] | undefined {
  const [, one, other, length] = /^([a-z]+)\|([a-z]+)(?:@(\d+(?:ms|s|m)))?$/.exec(value) ?? [];
  if (one === undefined || other === undefined || one === other) return undefined;
  if (![one, other].every((side) => SIDES.includes(side))) return undefined;
  const how = length === undefined ? 'blackhole' : `blackhole(for=${length})`;
  const [a, b] = one === 'kafka' || one === 'coordinator' ? [other, one] : [one, other];
  if (a === 'kafka' || a === 'coordinator') return undefined; // no link between these two
  if (b === 'kafka') return [`${a}->kafka=${how}`, `relay-${a}->kafka=${how}`];
  if (b === 'coordinator') return [`${a}->${b}=${how}`, `${b}->${a}=${how}`];
  return undefined; // services have no links to each other: they use Kafka
}
