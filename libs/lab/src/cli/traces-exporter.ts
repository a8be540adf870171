import { didYouMean, Failure } from '@indoubt/failure';
import { TRACES_EXPORTERS, type TracesExporter } from '@indoubt/record';
import type { Environment } from '../infrastructure/provider.ts';

/**
 * The exporter of traces that TRACES names. The default is OTLP, also when TRACES is empty.
 * @throws Failure 'invalid-config' (definite) that suggests the nearest value
 */
export function tracesExporter(env: Environment): TracesExporter {
  const given = env['TRACES'] || 'otlp';
  const exporter = TRACES_EXPORTERS.find((each) => each === given);
  if (exporter !== undefined) return exporter;
  const expected = `Next: set it to one of ${TRACES_EXPORTERS.join(', ')}, or unset it for otlp.`;
  const what = `TRACES is '${given}': no such exporter.${didYouMean(given, TRACES_EXPORTERS)}`;
  throw new Failure('invalid-config', `${what}\n${expected}`);
}
