/** Has a time: epoch milliseconds. */
interface Timed {
  at: number;
}

export interface InOrder<Line extends Timed> {
  push: (line: Line) => void;
  /** Delivers all lines that are still in the buffer. */
  flush: () => void;
}

/**
 * A reorder buffer: sorts lines from several files by time, and delays each line for that. Without
 * it, an answer could be printed before its request. A line that arrives too late for this is
 * delivered out of order.
 * @param delayMs  milliseconds that a line stays in the buffer
 */
export function inOrder<Line extends Timed>(
  deliver: (line: Line) => void,
  delayMs: number,
): InOrder<Line> {
  let buffered: { line: Line; dueAt: number }[] = [];
  let timer: NodeJS.Timeout | undefined;
  const release = (until: number): void => {
    clearTimeout(timer);
    // With a line that is due, all earlier lines are delivered too.
    const due = buffered.filter(({ dueAt }) => dueAt <= until);
    const last = Math.max(...due.map(({ line }) => line.at));
    const out = buffered.filter(({ line }) => line.at <= last);
    buffered = buffered.filter(({ line }) => line.at > last);
    for (const { line } of out.toSorted((a, b) => a.line.at - b.line.at)) deliver(line);
    const nextDueAt = Math.min(...buffered.map(({ dueAt }) => dueAt));
    if (buffered.length > 0) timer = setTimeout(() => release(Date.now()), nextDueAt - Date.now());
  };
  return {
    push(line) {
      buffered.push({ line, dueAt: Date.now() + delayMs });
      if (buffered.length === 1) timer = setTimeout(() => release(Date.now()), delayMs);
    },
    flush: () => release(Number.POSITIVE_INFINITY),
  };
}
