import { expect, test, vi } from 'vitest';
import { createWaker, listenForWake } from './wake.ts';

const here = { host: '127.0.0.1', port: 0 };

test('several wake calls in a tick send one datagram, despite an unknown relay', async () => {
  const onWake = vi.fn<() => void>();
  const listener = await listenForWake(here, onWake);
  const waker = createWaker(['host.invalid:9', `127.0.0.1:${listener.port}`]);
  waker.wake();
  waker.wake();
  await vi.waitFor(() => expect(onWake).toHaveBeenCalledTimes(1));
  waker.wake();
  await vi.waitFor(() => expect(onWake).toHaveBeenCalledTimes(2));
  waker.wake();
  waker.close();
  waker.close();
  await listener.close();
});

test('listening on a taken port fails with EADDRINUSE', async () => {
  const listener = await listenForWake(here, () => undefined);
  const taken = { ...here, port: listener.port };
  await expect(listenForWake(taken, () => undefined)).rejects.toMatchObject({ code: 'EADDRINUSE' });
  await listener.close();
});
