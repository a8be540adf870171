import type { Decision } from '../protocol/coordinate.ts';

/** A transaction as the log has it. Without a decision: begun, when nothing is presumed. */
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
 * Where decisions are made durable. What decides (`begun`, `decided`, and `read`, for what is
 * presumed) is fenced by the epoch that `takeEpoch` gave: Failure 'superseded' when another
 * coordinator has taken a newer one; nothing is written then. 'database-unavailable' (indefinite)
 * when nobody can say whether the row is there.
 */
export interface DecisionLog {
  /** Ends the right of every earlier coordinator to decide. @returns the new epoch */
  takeEpoch(): Promise<number>;
  begun(transaction: Omit<Decided, 'decision' | 'reason'>): Promise<void>;
  /** Durable when it returns. Writing the same decision again changes nothing. */
  decided(transaction: Decided): Promise<void>;
  /** Need not be durable when it returns. */
  ended(id: string): Promise<void>;
  /** Notes that a participant had done the opposite of the decision already. Durable. */
  damaged(id: string, decision: Decision, participant: string): Promise<void>;
  /** Those that were not ended. */
  open(): Promise<LoggedTransaction[]>;
  read(id: string): Promise<LoggedTransaction | undefined>;
}
