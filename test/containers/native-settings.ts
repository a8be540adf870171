import { join } from 'node:path';
import type { Infrastructure } from '@indoubt/lab';

export interface NativePlaces {
  servers: Pick<Infrastructure, 'databaseUrls' | 'brokers'>;
  /** The port of each service of the compose file, for TCP and UDP. */
  ports: ReadonlyMap<string, number>;
  otlpUrl: string;
  /** The folder that stands for the volumes of the containers. */
  dataDir: string;
  /** Distinguishes this shop from other shops and labs on the same servers. */
  id: string;
}

/**
 * The settings of the compose file. Only the host names of containers are replaced, by addresses on
 * this machine. Pure.
 */
export function nativeSettings({ servers, ports, otlpUrl, dataDir, id }: NativePlaces) {
  const databases: string[] = [];
  const addressOf = (name: string): string => `127.0.0.1:${ports.get(name) ?? 0}`;
  const databaseOf = (owner: string, name: string): string => {
    const url = new URL(
      Object.entries(servers.databaseUrls).find(([key]) => key === owner)?.[1] ?? '',
    );
    const own = `composed_${id}_${name}`;
    databases.push(own);
    url.pathname = `/${own}`;
    return url.href;
  };
  const onThisMachine = (value: string): string =>
    value
      .replace(
        /^postgres:\/\/.*@postgres-(\w+):5432\/(\w+)$/,
        (_all, owner: string, name: string) => databaseOf(owner, name),
      )
      .replace('kafka:19092', servers.brokers[0] ?? '')
      .replace('http://jaeger:4318', otlpUrl)
      .replace(/^in-doubt\.$/, `composed-${id}.`)
      .replace(/^\/data\//, join(dataDir, 'data-'))
      .replaceAll(/([a-z-]+):8080/g, (_all, name: string) => addressOf(name));
  return {
    /** The databases that these settings need. */
    databases,
    urlOf: (name: string): string => `http://${addressOf(name)}`,
    of(name: string, environment: Record<string, string>): Record<string, string> {
      const port = String(ports.get(name) ?? 0);
      const given = Object.entries(environment).map(([key, value]) => [key, onThisMachine(value)]);
      const own = { NODE_ENV: 'production', HOST: '127.0.0.1', PORT: port };
      const wake = 'WAKE_PORT' in environment ? { WAKE_PORT: port } : {};
      return { ...own, ...Object.fromEntries(given), ...wake };
    },
  };
}
