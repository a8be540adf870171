import { freePorts } from '@indoubt/lab';
import { DockerComposeEnvironment, getContainerRuntimeClient, Wait } from 'testcontainers';
import { scaled } from '../runner/slowness.ts';
import { composeText, ROOT } from './compose-file.ts';
import type { Shop, ShopProvider } from './shop.ts';

const START_WITHIN_MS = scaled(600_000); // images are pulled and built the first time

/** The shop in containers that testcontainers starts on free ports. */
export const dockerShops: ShopProvider = {
  name: 'docker',
  async missing() {
    try {
      await getContainerRuntimeClient();
      return undefined;
    } catch (error) {
      return `no Docker daemon answers: ${error instanceof Error ? error.message : String(error)}`;
    }
  },
  start,
};

async function start(): Promise<Shop> {
  const published = [...composeText().matchAll(/\$\{(INDOUBT_\w+_PORT):-\d+\}:(\d+)/g)];
  const free = await freePorts(published.length);
  const ports = published.map(([, name = ''], index) => [name, String(free[index])] as const);
  const environment = Object.fromEntries(ports);
  const shop = await new DockerComposeEnvironment(ROOT, 'docker-compose.yml')
    .withEnvironment(environment)
    .withDefaultWaitStrategy(Wait.forHealthCheck())
    .withStartupTimeout(START_WITHIN_MS)
    .up();
  const portOf = (service: string): string => {
    const name = `INDOUBT_${service.toUpperCase().replaceAll('-', '_')}_PORT`;
    return environment[name] ?? '';
  };
  let stopped: Promise<unknown> | undefined;
  const stop = async (): Promise<string[]> => {
    await (stopped ??= shop.down({ removeVolumes: true, timeout: scaled(10_000) }));
    return [];
  };
  return {
    urlOf: (service) => `http://127.0.0.1:${portOf(service)}`,
    async traced() {
      const answer = await fetch(`http://127.0.0.1:${portOf('jaeger')}/api/services`);
      const { data } = (await answer.json()) as { data: string[] | null };
      return (data ?? []).toSorted();
    },
    stop,
    [Symbol.asyncDispose]: async () => void (await stop()),
  };
}
