import { type ChaosRule, processesOf } from '@indoubt/chaos';
import type { RecordLine } from '@indoubt/record';
import type { ProcessName } from '../lab/process-name.ts';

/**
 * The rules that a process still gets when it is restarted. A rule that fires once and has fired is
 * left out: otherwise the process would crash after every restart. Pure.
 * @param rules  all rules of the lab
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

/** Whether a rule took effect according to the record: in this process, or in any (null). Pure. */
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
