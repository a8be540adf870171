import { expect, test } from 'vitest';
import { postgresArguments, postgresUrl } from './postgres-settings.ts';

test('a server writes each commit durably to the disk', () => {
  const settings = postgresArguments('data', 20_001);
  for (const durable of ['fsync=on', 'synchronous_commit=on', 'full_page_writes=on']) {
    expect(settings).toContain(durable);
  }
});

test('a server listens only on 127.0.0.1 and its own port, without a socket file', () => {
  const settings = postgresArguments('data', 20_001);
  expect(settings.slice(0, 2)).toEqual(['-D', 'data']);
  expect(settings).toContain('listen_addresses=127.0.0.1');
  expect(settings).toContain('unix_socket_directories=');
  expect(settings).toContain('port=20001');
});

test('a given setting replaces the default setting of the same name', () => {
  const settings = postgresArguments('data', 20_001, { shared_buffers: '1GB' });
  expect(settings).toContain('shared_buffers=1GB');
  expect(settings).not.toContain('shared_buffers=32MB');
});

test('a password with any character survives the URL', () => {
  const url = new URL(postgresUrl(20_001, 'a/b@c:d?'));
  expect(decodeURIComponent(url.password)).toBe('a/b@c:d?');
  expect(url.host).toBe('127.0.0.1:20001');
});
