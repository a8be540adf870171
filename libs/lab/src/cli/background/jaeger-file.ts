import type { WantedProvider } from '../../infrastructure/choose-provider.ts';
import { jaegerFile } from '../../infrastructure/jaeger/detect-jaeger.ts';
import type { JaegerAddresses } from '../../infrastructure/provider.ts';
import { type PidFile, pidFile } from './pid-file.ts';

/** What the process in the background starts. */
export interface JaegerJob {
  root: string;
  infra: WantedProvider;
}

/** The Jaeger that `scenario jaeger` started: what `.lab/jaeger.json` says of it. */
export interface JaegerState extends JaegerAddresses {
  /** The process in the background: SIGTERM to it ends Jaeger. */
  pid: number;
  startedAt: string;
  /** Jaeger itself; null in a container, and so is its log. */
  jaegerPid: number | null;
  logFile: string | null;
}

const TAKEN = `a Jaeger is being started in this checkout just now.
Next: run this again; 'scenario jaeger --stop' ends it.`;

export function jaegerPidFile(root: string): PidFile<JaegerState> {
  const pids = ({ jaegerPid }: JaegerState): number[] => (jaegerPid === null ? [] : [jaegerPid]);
  return pidFile({ file: jaegerFile(root), main: 'jaeger-main', taken: TAKEN, pids });
}
