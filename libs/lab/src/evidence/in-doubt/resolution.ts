import type { DatabaseOwner } from '../../infrastructure/provider.ts';
import type { DecisionInLog } from './decision-in-log.ts';

export type HeuristicDecision = 'commit' | 'abort';

/** The document of `indoubt resolve --json`. See docs/json.md. */
export interface Resolution {
  gid: string;
  owner: DatabaseOwner;
  transactionId: string | null;
  /** What was done. */
  decision: HeuristicDecision;
  /** What the coordinator's log said right afterwards. */
  log: DecisionInLog;
  /** Whether that is the opposite of what was done; null when no log can say. */
  damage: boolean | null;
}
