import type { Decision } from '../protocol/coordinate.ts';

/** A transaction in the log. The decision is null after a begin record (presumed nothing). */
export interface LoggedTransaction {
  id: string;
  decision: Decision | null;
  reason: string | null;
  participants: string[];
  traceparent: string | null;
}

export interface Decided extends Pick<LoggedTransaction, 'id' | 'reason' | 'participants'> {
  decision: Decision;
  traceparent: string | null;
}

/**
 * The durable log of decisions. `begun`, `decided` and `read` (which may presume an abort) are
 * fenced by the epoch that `takeEpoch` returned.
 * @throws Failure 'superseded' when another coordinator has taken a newer epoch (nothing is
 *   written); 'database-unavailable' (indefinite) when it is unknown whether the row was written
 */
export interface DecisionLog {
  /** Ends the right of every earlier coordinator to decide. @returns the new epoch */
  takeEpoch(): Promise<number>;
  begun(transaction: Omit<Decided, 'decision' | 'reason'>): Promise<void>;
  /** The decision is durable when this returns. Writing the same decision again changes nothing. */
  decided(transaction: Decided): Promise<void>;
  /** The end record need not be durable when this returns. */
  ended(id: string): Promise<void>;
  /** Records durably that a participant had already done the opposite of the decision. */
  damaged(id: string, decision: Decision, participant: string): Promise<void>;
  /** Transactions without an end record. */
  open(): Promise<LoggedTransaction[]>;
  read(id: string): Promise<LoggedTransaction | undefined>;
}
