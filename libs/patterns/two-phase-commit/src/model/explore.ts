/** A model to explore: states, and the steps from one state to the next. */
export interface Model<State> {
  start: State;
  /** Equal states have the same key. */
  key(state: State): string;
  /** All steps that can happen next. */
  steps(state: State): Step<State>[];
  /** The violation in this state as a sentence; null for a correct state. */
  violation(state: State): string | null;
}

export interface Step<State> {
  says: string;
  to: State;
}

export interface Explored {
  states: number;
  violation: string | null;
  /** The shortest list of steps to the violation; empty without a violation. */
  trace: string[];
}

/**
 * Visits every reachable state, nearest first, and stops at the first violation. The search is
 * exhaustive: an invariant that holds here holds in every run of the model.
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
      reached.push({ says, to, before: here }); // the outer loop visits it later
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
