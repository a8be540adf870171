/** What can be explored: states, and the steps that lead from one to the next. */
export interface Model<State> {
  start: State;
  /** One text for states that are the same. */
  key(state: State): string;
  /** Whatever can happen next. */
  steps(state: State): Step<State>[];
  /** What is wrong in this state, in words; null when nothing is. */
  violation(state: State): string | null;
}

export interface Step<State> {
  says: string;
  to: State;
}

export interface Explored {
  states: number;
  violation: string | null;
  /** The shortest way to the violation, step by step; empty without one. */
  trace: string[];
}

/**
 * Visits every state that can be reached, nearest first, and stops at the first that is wrong.
 * Nothing is left to chance: what holds here holds in every run of the model.
 */
export function explore<State>({ start, key, steps, violation }: Model<State>): Explored {
  const seen = new Set([key(start)]);
  const reached: Reached<State>[] = [{ says: '', to: start, before: null }];
  for (const here of reached) {
    const wrong = violation(here.to);
    if (wrong !== null) return { states: seen.size, violation: wrong, trace: traceTo(here) };
    for (const { says, to } of steps(here.to)) {
      const name = key(to);
      if (seen.has(name)) continue;
      seen.add(name);
      reached.push({ says, to, before: here }); // the loop comes to it in its turn
    }
  }
  return { states: seen.size, violation: null, trace: [] };
}

interface Reached<State> extends Step<State> {
  before: Reached<State> | null;
}

function traceTo<State>(last: Reached<State>): string[] {
  const trace: string[] = [];
  for (let at = last; at.before !== null; at = at.before) trace.push(at.says);
  return trace.toReversed();
}
