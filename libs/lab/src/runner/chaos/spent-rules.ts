import { type ChaosRule, processesOf } from '@indoubt/chaos';
import type { RecordLine } from '@indoubt/record';
import type { ProcessName } from '../lab/process-name.ts';

/**
 * The rules of a process that its next life still has: one that strikes once has struck, and a
 * process that came back with it would die of it for ever. Pure.
 * @param rules  all of the lab
 * @param lines  the record so far
 */
export function unspentRules(
  rules: readonly ChaosRule[],
  process: ProcessName,
  lines: readonly RecordLine[],
): ChaosRule[] {
  const own = rules.filter((rule) => processesOf(rule).includes(process));
  return own.filter((rule) => !(strikesOnce(rule) && hasStruck(rule, process, lines)));
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
  { text }: ChaosRule,
  process: ProcessName | null,
  lines: readonly RecordLine[],
): boolean {
  return lines.some(
    (line) =>
      line.kind === 'event' &&
      (line.event === 'failpoint-hit' || line.event === 'fault-hit') &&
      line.rule === text &&
      (process === null || line.process === process),
  );
}
