import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { freePorts, portsFrom } from './free-ports.ts';

test('from any start in the range, every port is tried once', () => {
  const ports = [...portsFrom(31_000)];
  expect(ports[0]).toBe(31_000);
  expect(ports.at(-1)).toBe(30_999);
  expect(new Set(ports).size).toBe(12_000);
  expect(Math.min(...ports)).toBe(20_000);
  expect(Math.max(...ports)).toBe(31_999);
});

test('freePorts returns different ports that a server can listen on', async () => {
  const ports = await freePorts(5);
  expect(new Set(ports).size).toBe(5);
  for (const port of ports) {
    const server = createServer().listen(port, '127.0.0.1');
    await new Promise((resolve, reject) => server.once('listening', resolve).once('error', reject));
    await new Promise((resolve) => server.close(resolve));
  }
});
