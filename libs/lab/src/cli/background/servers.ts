import { chooseProvider, type WantedProvider } from '../../infrastructure/choose-provider.ts';
import { detectJaeger } from '../../infrastructure/jaeger/detect-jaeger.ts';
import type { Infrastructure } from '../../infrastructure/provider.ts';
import { checkVariables } from '../check-variables.ts';
import type { Cli } from '../cli.ts';
import type { Progress } from '../progress.ts';
import { readUp } from './up-file.ts';

export interface Servers {
  infrastructure: Infrastructure;
  /** True when they belong to `scenario up`: this command must not stop them. */
  isShared: boolean;
}

/**
 * Uses the servers of the running lab when they come from the wanted provider. Otherwise starts
 * servers for this command.
 * @throws Failure 'infrastructure-unavailable', 'invalid-config' or 'interrupted', all definite
 */
export async function takeServers(
  cli: Pick<Cli, 'root' | 'env' | 'signal'>,
  wanted: WantedProvider,
  progress: Pick<Progress, 'show'>,
): Promise<Servers> {
  checkVariables(cli.env);
  const up = await readUp(cli.root);
  if (up?.ready && (wanted === 'auto' || wanted === up.provider)) {
    progress.show(`using the servers of the running lab (${up.provider})`);
    // These servers stay up: 'scenario down' stops them.
    const stop = (): Promise<void> => Promise.resolve();
    // Jaeger may have been started after the lab.
    const jaeger = up.servers.jaeger ?? (await detectJaeger(cli.env, cli.root));
    const shared = { ...up.servers, jaeger, provider: up.provider, servers: null };
    return { infrastructure: { ...shared, stop }, isShared: true };
  }
  const provider = await chooseProvider({ wanted, env: cli.env, root: cli.root });
  progress.show(`starting the servers (${provider.name})`);
  const { root, signal } = cli;
  const show = (line: string): void => progress.show(line);
  const infrastructure = await provider.start({ root, progress: show, signal });
  return { infrastructure, isShared: false };
}
