const SAMPLE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)/;

/**
 * Adds up the samples of a metric that have all these labels. Pure.
 * @param text  the Prometheus text format
 * @returns undefined when no sample matches
 */
export function metricIn(
  text: string,
  name: string,
  labels: Record<string, string> = {},
): number | undefined {
  const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  const samples = text.split('\n').flatMap((line) => {
    const [, named, has = '', value = ''] = SAMPLE.exec(line) ?? [];
    const fits = named === name && wanted.every((each) => `,${has}`.includes(`,${each}`));
    return fits ? [Number(value)] : [];
  });
  return samples.length === 0 ? undefined : samples.reduce((sum, each) => sum + each, 0);
}
