import type { Decided, DecisionLog, LoggedTransaction } from '../coordinator/decision-log.ts';

/**
 * Broken on purpose: a decision is in memory only until everybody has followed it; then it is
 * written down, for the books. The answer to whoever began it, and the first commits, go out before
 * anything is durable: a coordinator that dies then presumes the abort of what it had committed.
 */
export function decideInMemory(log: DecisionLog): DecisionLog {
  const decided = new Map<string, Decided>();
  return {
    ...log,
    begun: async () => undefined,
    async decided(transaction) {
      decided.set(transaction.id, transaction);
    },
    async ended(id) {
      const transaction = decided.get(id);
      if (transaction !== undefined) await log.decided(transaction);
      decided.delete(id);
      await log.ended(id);
    },
    async read(id): Promise<LoggedTransaction | undefined> {
      return decided.get(id) ?? log.read(id);
    },
  };
}
