import type { Decided, DecisionLog, LoggedTransaction } from '../coordinator/decision-log.ts';

/**
 * Broken on purpose: a decision is only in memory until all participants have acknowledged it, and
 * is logged after that. The answer to the client and the first commits are sent before anything is
 * durable. If the coordinator dies then, its successor presumes that the transaction was aborted.
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
