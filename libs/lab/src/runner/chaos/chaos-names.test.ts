import {
  DATABASES,
  FAILPOINTS,
  LINKS,
  MESSAGE_TOPICS,
  parseChaos,
  processesOf,
  VARIANTS,
} from '@indoubt/chaos';
import { TOPICS } from '@indoubt/contracts';
import { expect, test } from 'vitest';
import { PROCESS_NAMES, type ProcessName } from '../lab/process-name.ts';
import { assignPorts, PORTS_NEEDED, serviceEnvironment } from '../lab/service-environment.ts';

const ports = assignPorts(Array.from({ length: PORTS_NEEDED }, (_, index) => 4_000 + index));
const url = (database: string) => `postgres://u:p@127.0.0.1:5432/${database}`;
const settings: Parameters<typeof serviceEnvironment>[1] = {
  lab: 'lab',
  ports,
  databaseUrls: {
    order: url('orders'),
    payment: url('payments'),
    inventory: url('inventory'),
    coordinator: url('coordinator'),
  },
  brokers: ['127.0.0.1:9092'],
  recordDir: '/record',
  compileCacheDir: '/cache',
  secret: 'a secret of this test',
  coordination: 'saga',
  saga: { answerWithinMs: 1_000, attemptsMax: 8 },
  twoPhase: {},
  cards: {},
  keys: {},
  limits: {},
  journal: '/run/card-processor.jsonl',
  sessionMs: 10_000,
  chaos: { seed: 1, control: false, links: false },
};

/** The connections that a process opens, as its settings tell: whom it knows, it connects to. */
function linksOf(name: ProcessName): string[] {
  const env = serviceEnvironment(name, settings);
  const participants = (env['PARTICIPANTS'] ?? '').split(',').map((each) => each.split('=')[0]);
  const database = env['DATABASE_URL'];
  return [
    ...(database === undefined ? [] : [`${new URL(database).pathname.slice(1)}-db`]),
    ...(env['CARD_PROCESSOR_URL'] === undefined ? [] : ['card-processor']),
    ...(env['KAFKA_BROKERS'] === undefined ? [] : ['kafka']),
    ...(env['COORDINATOR_URLS'] === undefined ? [] : ['coordinator']),
    ...participants.filter((each) => each !== ''),
  ].map((to) => `${name}->${to}`);
}

test('a link for each connection that a process of the lab opens, and no other', () => {
  expect(LINKS.toSorted()).toEqual(PROCESS_NAMES.flatMap(linksOf).toSorted());
});

test('the topics whose messages can be lost are the topics that there are', () => {
  expect([...MESSAGE_TOPICS].toSorted()).toEqual(Object.values(TOPICS).toSorted());
  // The consumer of each is known too: otherwise the fault would belong to nobody.
  for (const topic of MESSAGE_TOPICS) {
    const [rule] = parseChaos(`${topic}=drop`);
    const consumers = rule === undefined ? [] : processesOf(rule);
    expect(PROCESS_NAMES).toEqual(expect.arrayContaining(consumers));
  }
});

test('crash points, databases and variants are of processes that there are', () => {
  const named = [
    ...FAILPOINTS.map(({ process }) => process),
    ...Object.values(DATABASES).flat(),
    ...Object.values(VARIANTS).flatMap(({ of }): readonly string[] => of),
  ];
  expect(new Set(named)).toEqual(new Set(PROCESS_NAMES));
});
