/** Something with a time on it: epoch milliseconds. */
interface Timed {
  at: number;
}

export interface InOrder<Line extends Timed> {
  push: (line: Line) => void;
  /** Hands on whatever is still held. */
  flush: () => void;
}

/**
 * Puts lines that arrive from several files into the order of time, by holding each a moment: who
 * wrote first is not always who is read first, and a story with the answer before the question is
 * none. A line that comes later than that is handed on as it comes.
 * @param holdMs  milliseconds that a line is held
 */
export function inOrder<Line extends Timed>(
  deliver: (line: Line) => void,
  holdMs: number,
): InOrder<Line> {
  let held: { line: Line; dueAt: number }[] = [];
  let timer: NodeJS.Timeout | undefined;
  const release = (until: number): void => {
    clearTimeout(timer);
    // A line that is due takes along those which happened before it.
    const due = held.filter(({ dueAt }) => dueAt <= until);
    const last = Math.max(...due.map(({ line }) => line.at));
    const out = held.filter(({ line }) => line.at <= last);
    held = held.filter(({ line }) => line.at > last);
    for (const { line } of out.toSorted((a, b) => a.line.at - b.line.at)) deliver(line);
    const nextDueAt = Math.min(...held.map(({ dueAt }) => dueAt));
    if (held.length > 0) timer = setTimeout(() => release(Date.now()), nextDueAt - Date.now());
  };
  return {
    push(line) {
      held.push({ line, dueAt: Date.now() + holdMs });
      if (held.length === 1) timer = setTimeout(() => release(Date.now()), holdMs);
    },
    flush: () => release(Number.POSITIVE_INFINITY),
  };
}
