import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Receives OTLP/JSON over HTTP and records the names of the services that sent spans. */
export async function collectSpans() {
  const names = new Set<string>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const said = /"key":"service\.name","value":\{"stringValue":"([^"]+)"/g;
      const text = Buffer.concat(chunks).toString('utf8');
      for (const [, name = ''] of text.matchAll(said)) names.add(name);
      response.setHeader('content-type', 'application/json').end('{}');
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    services: (): string[] => [...names].toSorted(),
    async close(): Promise<void> {
      server.closeAllConnections();
      await once(server.close(), 'close');
    },
  };
}
