import { Failure } from '@indoubt/failure';
import type { RecordLine } from '@indoubt/record';
import { openRun } from '../../evidence/stored-run/open-run.ts';
import { detectJaeger } from '../../infrastructure/jaeger/detect-jaeger.ts';
import { sendTraces } from '../../runner/traces/send-traces.ts';
import { knownOrder } from '../../views/sequence/known-order.ts';
import { type RecordedTrace, readTraces } from '../../views/traces/read-traces.ts';
import { clientsTraces, renderTraces } from '../../views/traces/render-traces.ts';
import { checkVariables } from '../check-variables.ts';
import { type Cli, writeJson } from '../cli.ts';
import { EXIT } from '../exit-code.ts';
import { tracesExporter } from '../traces-exporter.ts';

export interface TraceOptions {
  /** Label of an order. */
  order?: string;
  toJaeger?: boolean;
  json?: boolean;
}

/** The document of `trace --json`. See docs/json.md. */
export interface TraceDocument {
  run: string;
  /** Links to the traces in Jaeger; empty unless they were sent. */
  traceUrls: string[];
  traces: RecordedTrace[];
}

/** Prints the traces of a past run as trees or as JSON, or sends them to Jaeger. */
export async function traceCommand(
  cli: Cli,
  wanted: string,
  { order, toJaeger, json }: TraceOptions,
): Promise<number> {
  const { name, lines } = await openRun(cli.root, wanted);
  const all = readTraces(lines);
  const ofOrders = all.filter(({ orders }) => orders.length > 0);
  const traces = order === undefined ? ofOrders : tracesOf(ofOrders, order);
  const traceUrls = toJaeger ? await sendToJaeger(cli, lines, clientsTraces(traces)) : [];
  if (json) {
    const document: TraceDocument = { run: name, traceUrls, traces: order ? traces : all };
    writeJson(cli, document);
  } else if (toJaeger) {
    cli.out.write(renderSent(traceUrls));
  } else {
    cli.out.write(renderTraces(traces, all, cli.out.paint));
  }
  return EXIT.holds;
}

function tracesOf(traces: readonly RecordedTrace[], wanted: string): RecordedTrace[] {
  const label = knownOrder(wanted, new Set(traces.flatMap(({ orders }) => orders)));
  return traces.filter(({ orders }) => orders.includes(label));
}

/** @throws Failure 'infrastructure-unavailable': no Jaeger runs, or Jaeger does not accept them */
async function sendToJaeger(
  { env, root }: Cli,
  lines: readonly RecordLine[],
  traces: readonly RecordedTrace[],
): Promise<string[]> {
  checkVariables(env);
  const jaeger = await detectJaeger(env, root);
  if (jaeger === null) {
    const next = "Next: run 'scenario jaeger', then this command again.";
    throw new Failure('infrastructure-unavailable', `no Jaeger is running.\n${next}`);
  }
  const exporter = tracesExporter(env) === 'jaeger' ? 'jaeger' : 'otlp';
  const problem = await sendTraces(jaeger, lines, exporter);
  if (problem !== null) {
    const next =
      "The spans stay in the run's folder.\nNext: check Jaeger, then run this command again.";
    throw new Failure('infrastructure-unavailable', `${problem}\n${next}`);
  }
  return traces.map(({ traceId }) => `${jaeger.uiUrl}/trace/${traceId}`);
}

const URLS_MAX = 20;

function renderSent(urls: readonly string[]): string {
  const more = urls.length - URLS_MAX;
  const shown = more > 0 ? [...urls.slice(0, URLS_MAX), `and ${more} more (use --json)`] : urls;
  const lines = shown.map((line) => `  ${line}\n`).join('');
  return `Jaeger has all traces of this run. The traces of its orders:\n${lines}`;
}
