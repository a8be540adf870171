import { expect, test } from 'vitest';
import { kafkaProperties } from './kafka-settings.ts';

const place = { dataDir: 'data', brokerPort: 20_001, controllerPort: 20_002 };
const linesOf = (text: string): string[] => text.split('\n');

test('Kafka runs as one node that only this machine can reach', () => {
  const lines = linesOf(kafkaProperties(place));
  expect(lines).toContain('process.roles=broker,controller');
  expect(lines).toContain('listeners=PLAINTEXT://127.0.0.1:20001,CONTROLLER://127.0.0.1:20002');
  expect(lines).toContain('advertised.listeners=PLAINTEXT://127.0.0.1:20001');
  expect(lines).toContain('controller.quorum.voters=1@127.0.0.1:20002');
});

test('short session time-outs are allowed, and topics are not created automatically', () => {
  const lines = linesOf(kafkaProperties(place));
  expect(lines).toContain('group.min.session.timeout.ms=300');
  expect(lines).toContain('auto.create.topics.enable=false');
});

test('a backslash in a path is escaped', () => {
  const text = kafkaProperties({ ...place, dataDir: 'a\\b' });
  expect(linesOf(text)).toContain('log.dirs=a\\\\b');
});
