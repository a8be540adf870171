/** What one test file has used, with everything that it started. */
export interface FileCost {
  file: string;
  wallSeconds: number;
  cpuSeconds: number;
}

const SHOWN_MAX = 10;

/** The dearest files, by processor time. Pure. */
export function costTable(costs: readonly FileCost[]): string {
  const dearest = costs.toSorted((a, b) => b.cpuSeconds - a.cpuSeconds).slice(0, SHOWN_MAX);
  const rows = dearest.map(
    ({ file, wallSeconds, cpuSeconds }) =>
      `${cpuSeconds.toFixed(0).padStart(7)} s${wallSeconds.toFixed(0).padStart(7)} s  ${file}`,
  );
  const sum = costs.reduce((total, { cpuSeconds }) => total + cpuSeconds, 0);
  const title = `The ${rows.length} dearest of ${costs.length} files (${minutes(sum)} CPU in all):`;
  return [title, '    CPU     wall', ...rows].join('\n');
}

/** Pure. */
export function minutes(seconds: number): string {
  return `${(seconds / 60).toFixed(1)} min`;
}
