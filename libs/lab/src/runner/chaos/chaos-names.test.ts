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

/** The connections that a process opens: it connects to every address in its environment. */
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

test('LINKS has exactly the connections that the processes of the lab open', () => {
  expect(LINKS.toSorted()).toEqual(PROCESS_NAMES.flatMap(linksOf).toSorted());
});

test('MESSAGE_TOPICS has exactly the topics of the lab', () => {
  expect([...MESSAGE_TOPICS].toSorted()).toEqual(Object.values(TOPICS).toSorted());
  // Each topic must have a known consumer, because the consumer applies the fault.
  for (const topic of MESSAGE_TOPICS) {
    const [rule] = parseChaos(`${topic}=drop`);
    const consumers = rule === undefined ? [] : processesOf(rule);
    expect(PROCESS_NAMES).toEqual(expect.arrayContaining(consumers));
  }
});

test('crash points, databases and variants belong to existing processes', () => {
  const named = [
    ...FAILPOINTS.map(({ process }) => process),
    ...Object.values(DATABASES).flat(),
    ...Object.values(VARIANTS).flatMap(({ of }): readonly string[] => of),
  ];
  expect(new Set(named)).toEqual(new Set(PROCESS_NAMES));
});
