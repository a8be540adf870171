/** The time that one test file and the processes it started have used. */
export interface FileCost {
  file: string;
  wallSeconds: number;
  cpuSeconds: number;
}

const SHOWN_MAX = 10;

/** A table of the files with the most processor time. Pure. */
export function costTable(costs: readonly FileCost[]): string {
  const shown = costs.toSorted((a, b) => b.cpuSeconds - a.cpuSeconds).slice(0, SHOWN_MAX);
  const rows = shown.map(
    ({ file, wallSeconds, cpuSeconds }) =>
      `${cpuSeconds.toFixed(0).padStart(7)} s${wallSeconds.toFixed(0).padStart(7)} s  ${file}`,
  );
  const sum = costs.reduce((total, { cpuSeconds }) => total + cpuSeconds, 0);
  const all = `${costs.length} files (${minutes(sum)} CPU in all)`;
  const title = `The ${rows.length} most expensive of ${all}:`;
  return [title, '    CPU     wall', ...rows].join('\n');
}

/** Seconds as minutes with one decimal. Pure. */
export function minutes(seconds: number): string {
  return `${(seconds / 60).toFixed(1)} min`;
}
