import type { WantedProvider } from '../../infrastructure/choose-provider.ts';
import { jaegerFile } from '../../infrastructure/jaeger/detect-jaeger.ts';
import type { JaegerAddresses } from '../../infrastructure/provider.ts';
import { type HeldFile, heldFile } from './held-file.ts';

/** What the process that holds it is asked for. */
export interface JaegerJob {
  root: string;
  infra: WantedProvider;
}

/** The Jaeger that `scenario jaeger` started: what `.lab/jaeger.json` says of it. */
export interface JaegerState extends JaegerAddresses {
  /** Who holds it, and ends it when told to. */
  pid: number;
  startedAt: string;
  /** Jaeger itself; null in a container, and so is its log. */
  jaegerPid: number | null;
  logFile: string | null;
}

const TAKEN = `a Jaeger is being started in this checkout just now.
Next: run this again; 'scenario jaeger --stop' ends it.`;

export function jaegerPlace(root: string): HeldFile<JaegerState> {
  const pids = ({ jaegerPid }: JaegerState): number[] => (jaegerPid === null ? [] : [jaegerPid]);
  return heldFile({ file: jaegerFile(root), main: 'jaeger-main', taken: TAKEN, pids });
}
