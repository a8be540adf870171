import { DATABASES, FAILPOINTS, LINKS, MESSAGE_TOPICS, seededRandom } from '@indoubt/chaos';
import { DATABASE_OWNERS } from '../../infrastructure/provider.ts';
import { PROCESS_NAMES } from '../lab/process-name.ts';
import type { StormAct, StormCoordination, StormSchedule } from './storm-schedule.ts';

/**
 * Average time between two steps. A dead process is ready again after about half a second, so that
 * faults overlap but orders still make progress.
 */
const STEP_EVERY_MS = 500;

/** How often each kind of step is in one deck of cards. The rare kinds cost the lab seconds. */
const DECK: Record<Card, number> = {
  crash: 14,
  error: 6,
  late: 4,
  hold: 3,
  drop: 3,
  duplicate: 3,
  reorder: 3,
  decline: 1,
  cut: 4,
  blackhole: 3,
  'slow-link': 2,
  throttle: 1,
  partition: 2,
  kill: 6,
  pause: 4,
  copy: 1,
  postgres: 3,
  kafka: 1,
  calm: 5,
};

/** All processes except the card processor, whose journal can have only one writer. */
const COPIED = PROCESS_NAMES.filter((name) => name !== 'card-processor');

type Card =
  | 'crash'
  | 'error'
  | 'late'
  | 'hold'
  | 'drop'
  | 'duplicate'
  | 'reorder'
  | 'decline'
  | 'cut'
  | 'blackhole'
  | 'slow-link'
  | 'throttle'
  | 'partition'
  | 'kill'
  | 'pause'
  | 'copy'
  | 'postgres'
  | 'kafka'
  | 'calm';

/** Draws a storm's faults from its seed. Pure. */
export function drawSchedule(drawn: Omit<StormSchedule, 'steps'>): StormSchedule {
  const { seed, durationMs, coordination } = drawn;
  const dice = diceOf(seed);
  const cards = dealer(dice);
  const count = Math.round(durationMs / STEP_EVERY_MS);
  const steps = Array.from({ length: count }, (_, n) => {
    const atMs = Math.floor(((n + dice.random()) * durationMs) / count);
    return { atMs, ...play(cards(), dice, coordination) };
  });
  return { ...drawn, steps };
}

interface Dice {
  random(): number;
  /** A whole number between two bounds, both included. */
  between(least: number, most: number): number;
  pick<T>(of: readonly T[]): T;
}

function diceOf(seed: number): Dice {
  const random = seededRandom(seed);
  const between = (least: number, most: number) =>
    least + Math.floor(random() * (most - least + 1));
  return {
    random,
    between,
    pick(of) {
      const picked = of[between(0, of.length - 1)];
      if (picked === undefined) throw new Error('there is nothing to choose from');
      return picked;
    },
  };
}

/** Deals the cards of a shuffled deck, so that even a short storm has most kinds of steps. */
function dealer({ between }: Dice): () => Card {
  const full = Object.entries(DECK).flatMap(([card, times]) => {
    return Array.from({ length: times }, () => card as Card);
  });
  let deck: Card[] = [];
  return () => {
    if (deck.length === 0) deck = [...full];
    const [card] = deck.splice(between(0, deck.length - 1), 1);
    if (card === undefined) throw new Error('the deck is empty');
    return card;
  };
}

function play(card: Card, dice: Dice, coordination: StormCoordination): StormAct {
  const { between, pick } = dice;
  switch (card) {
    case 'crash':
    case 'error':
    case 'late':
    case 'hold':
      return atPoint(card, dice, coordination);
    case 'drop':
    case 'duplicate':
    case 'reorder':
      return arm(`${pick(MESSAGE_TOPICS)}=${card}(p=${pick(['0.05', '0.1', '0.2'])})`);
    case 'decline':
      return arm(`payment=decline(p=0.1)`);
    case 'kill':
      return { kind: 'kill', process: pick(PROCESS_NAMES) };
    case 'copy':
      return { kind: 'copy', process: pick(COPIED) };
    case 'pause':
      return { kind: 'pause', process: pick(PROCESS_NAMES), forMs: between(200, 3_000) };
    case 'postgres': {
      const server = `postgres-${pick(DATABASE_OWNERS)}` as const;
      return { kind: 'server', server, downMs: between(0, 1_500) };
    }
    case 'kafka':
      return { kind: 'server', server: 'kafka', downMs: between(0, 1_000) };
    case 'calm':
      return { kind: 'calm' };
    case 'cut':
    case 'blackhole':
    case 'slow-link':
    case 'throttle':
    case 'partition':
    default:
      return arm(onLink(card, dice));
  }
}

function arm(rules: string): StormAct {
  return { kind: 'arm', rules };
}

/** A fault at a crash point that orders with this coordination reach. */
function atPoint(
  card: 'crash' | 'error' | 'late' | 'hold',
  { between, pick }: Dice,
  coordination: StormCoordination,
): StormAct {
  const within = FAILPOINTS.filter(
    (point) => coordination === 'all' || ['both', coordination].includes(point.coordination),
  );
  const { name } = pick(within);
  const hit = between(1, 6);
  if (card === 'late') return arm(`${name}=delay(${between(20, 500)}ms,p=0.2)`);
  if (card === 'hold') {
    return { kind: 'hold', name, rules: `${name}=pause@${hit}`, forMs: between(200, 3_000) };
  }
  return arm(`${name}=${card}@${hit}`);
}

/** A fault of a link. It ends by itself, and may be longer than a Kafka session (1.5 s). */
function onLink(
  card: 'cut' | 'blackhole' | 'slow-link' | 'throttle' | 'partition',
  dice: Dice,
): string {
  const { between, pick } = dice;
  const length = `for=${between(200, 2_000)}ms`;
  const link = pick(LINKS);
  if (card === 'cut') return `${link}=cut(${length})`;
  if (card === 'slow-link') {
    return `${link}=delay(${between(5, 200)}ms,jitter=${between(1, 100)}ms,${length})`;
  }
  if (card === 'throttle') return `${link}=throttle(rate=${between(1, 20)}kB,${length})`;
  if (card === 'partition') return partition(dice, length);
  const direction = pick(['', ',in', ',out']);
  return `${link}=blackhole(${length}${direction})`;
}

/** A partition: no bytes pass on any link between two sides. */
function partition({ pick }: Dice, length: string): string {
  const service = pick(['order', 'payment', 'inventory']);
  const database = pick(Object.keys(DATABASES));
  const how = `blackhole(${length})`;
  return pick([
    `${service}->kafka=${how}; relay-${service}->kafka=${how}`,
    `${service}->coordinator=${how}; coordinator->${service}=${how}`,
    `*->${database}-db=${how}`,
  ]);
}
