import { expect, test } from 'vitest';
import { kafkaProperties } from './kafka-settings.ts';

const place = { dataDir: 'data', brokerPort: 20_001, controllerPort: 20_002 };
const linesOf = (text: string): string[] => text.split('\n');

test('one node, reachable from this machine only', () => {
  const lines = linesOf(kafkaProperties(place));
  expect(lines).toContain('process.roles=broker,controller');
  expect(lines).toContain('listeners=PLAINTEXT://127.0.0.1:20001,CONTROLLER://127.0.0.1:20002');
  expect(lines).toContain('advertised.listeners=PLAINTEXT://127.0.0.1:20001');
  expect(lines).toContain('controller.quorum.voters=1@127.0.0.1:20002');
});

test('groups with sessions of a second are allowed, and a misspelt topic is an error', () => {
  const lines = linesOf(kafkaProperties(place));
  expect(lines).toContain('group.min.session.timeout.ms=300');
  expect(lines).toContain('auto.create.topics.enable=false');
});

test('a backslash in a path stays one', () => {
  const text = kafkaProperties({ ...place, dataDir: 'a\\b' });
  expect(linesOf(text)).toContain('log.dirs=a\\\\b');
});
