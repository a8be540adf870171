import type { DatabaseOwner } from '../../infrastructure/provider.ts';
import type { DecisionInLog } from './decision-in-log.ts';

export type HeuristicDecision = 'commit' | 'abort';

/** The document of `indoubt resolve --json`. See docs/json.md. */
export interface Resolution {
  gid: string;
  owner: DatabaseOwner;
  transactionId: string | null;
  /** The heuristic decision that was carried out. */
  decision: HeuristicDecision;
  /** The decision in the coordinator's log right after the heuristic decision. */
  log: DecisionInLog;
  /** Whether the log says the opposite; null when the log cannot say. */
  damage: boolean | null;
}
