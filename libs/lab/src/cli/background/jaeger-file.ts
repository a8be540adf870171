import type { WantedProvider } from '../../infrastructure/choose-provider.ts';
import { jaegerFile } from '../../infrastructure/jaeger/detect-jaeger.ts';
import type { JaegerAddresses } from '../../infrastructure/provider.ts';
import { type PidFile, pidFile } from './pid-file.ts';

/** The job of the background process that runs Jaeger. */
export interface JaegerJob {
  root: string;
  infra: WantedProvider;
}

/** The content of `.lab/jaeger.json`: the Jaeger that `scenario jaeger` started. */
export interface JaegerState extends JaegerAddresses {
  /** The background process. SIGTERM to this process ends Jaeger. */
  pid: number;
  startedAt: string;
  /** Jaeger's own process. In a container this and `logFile` are null. */
  jaegerPid: number | null;
  logFile: string | null;
}

const TAKEN = `another command is starting Jaeger in this checkout.
Next: run this again in a minute, or end that Jaeger with 'scenario jaeger --stop'.`;

export function jaegerPidFile(root: string): PidFile<JaegerState> {
  const pids = ({ jaegerPid }: JaegerState): number[] => (jaegerPid === null ? [] : [jaegerPid]);
  return pidFile({ file: jaegerFile(root), main: 'jaeger-main', taken: TAKEN, pids });
}
