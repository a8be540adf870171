import { type ChaosRule, parseChaos, processesOf, VARIANTS } from '@indoubt/chaos';
import type { RecordLine } from '@indoubt/record';
import type { ProcessName } from '../lab/process-name.ts';

/**
 * The rules of a process that its next life still has: one that strikes once has struck, and a
 * process that came back with it would die of it for ever. Pure.
 * @param text  all rules of the lab
 * @param lines  the record so far
 */
export function unspentRules(
  text: string,
  process: ProcessName,
  lines: readonly RecordLine[],
): string {
  const own = parseChaos(text).filter((rule) => processesOf(rule, VARIANTS).includes(process));
  return own
    .filter((rule) => !(strikesOnce(rule) && hasStruck(rule.text, process, lines)))
    .map((rule) => rule.text)
    .join('; ');
}

function strikesOnce(rule: ChaosRule): boolean {
  if (!('trigger' in rule)) return false;
  const { hit, every, probability } = rule.trigger;
  if (hit !== undefined) return true;
  const isConstant = rule.kind === 'failpoint' && rule.action === 'delay';
  return every === undefined && probability === undefined && !isConstant;
}

/** Whether the record tells that a rule took effect, in this process or in any. Pure. */
export function hasStruck(
  rule: string,
  process: ProcessName | null,
  lines: readonly RecordLine[],
): boolean {
  return lines.some(
    (line) =>
      line.kind === 'event' &&
      (line.event === 'failpoint-hit' || line.event === 'fault-hit') &&
      line['rule'] === rule &&
      (process === null || line.process === process),
  );
}
