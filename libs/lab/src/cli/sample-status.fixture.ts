import { sampleResult } from '../evidence/sample-result.fixture.ts';
import type { UpState } from './background/up-file.ts';
import type { DoctorDocument } from './commands/doctor-command.ts';
import type { JaegerDocument } from './commands/jaeger-command.ts';

/** A running lab, for tests. The pid of this process stands for a process that is alive. */
export function sampleUp(): UpState {
  return {
    pid: process.pid,
    startedAt: '2026-11-21T05:28:01.239Z',
    provider: 'native',
    coordination: 'saga',
    chaos: false,
    endpoints: sampleResult().endpoints,
    logsDir: '.lab/runs/up/logs',
    runDir: '.lab/runs/up',
    servers: {
      databaseUrls: {
        order: 'postgres://o',
        payment: 'postgres://p',
        inventory: 'postgres://i',
        coordinator: 'postgres://c',
      },
      brokers: ['127.0.0.1:41020'],
      jaeger: null,
      pids: {
        kafka: process.pid,
        'postgres-inventory': 0x7fff_ffff,
        'postgres-coordinator': process.pid,
      },
      logsDir: '.lab/instances/1/logs',
    },
  };
}

export function sampleDoctor(): DoctorDocument {
  const java = { what: 'Java', found: '17.0.15', howToGet: 'install a JDK' };
  const daemon = { what: 'a running Docker daemon', found: null, howToGet: 'start Docker' };
  return {
    node: 'v24.21.0',
    auto: 'native',
    providers: [
      { name: 'native', ready: true, requirements: [java] },
      { name: 'docker', ready: false, requirements: [daemon] },
    ],
    jaeger: {
      uiUrl: 'http://127.0.0.1:16686',
      otlpUrl: 'http://127.0.0.1:4318',
      thriftUrl: 'http://127.0.0.1:14268',
    },
    jaegerBuild: { what: 'Go 1.24.6 or later', found: '1.26.8', howToGet: 'install Go' },
  };
}

export function sampleJaeger(): { jaeger: JaegerDocument } {
  const { jaeger } = sampleDoctor();
  const { uiUrl = '', otlpUrl = '', thriftUrl = '' } = jaeger ?? {};
  return { jaeger: { uiUrl, otlpUrl, thriftUrl, pid: 4711, logFile: '.lab/logs/jaeger.log' } };
}
