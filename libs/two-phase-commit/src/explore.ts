/** What can be explored: states, and the steps that lead from one to the next. */
export interface Model<State> {
  start: State;
  /** The same for states that are the same. */
  key(state: State): string;
  /** Whatever can happen next, in this order. */
  steps(state: State): Step<State>[];
  /** What is wrong in this state, as a sentence; null when nothing is. */
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
  const visited: Visited<State>[] = [{ says: '', to: start, before: null }];
  for (const here of visited) {
    const wrong = violation(here.to);
    if (wrong !== null) return { states: seen.size, violation: wrong, trace: traceTo(here) };
    for (const step of steps(here.to)) {
      const name = key(step.to);
      if (seen.has(name)) continue;
      seen.add(name);
      visited.push({ ...step, before: here });
    }
  }
  return { states: seen.size, violation: null, trace: [] };
}

interface Visited<State> extends Step<State> {
  before: Visited<State> | null;
}

function traceTo<State>(last: Visited<State>): string[] {
  const trace: string[] = [];
  for (let at = last; at.before !== null; at = at.before) trace.push(at.says);
  return trace.toReversed();
}
