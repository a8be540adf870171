import { Failure, type FailureCode } from '@indoubt/failure';
import { record } from '@indoubt/record';
import CircuitBreaker from 'opossum';
import { OutOfTime } from './failure-of-answer.ts';

export interface BreakerSettings {
  /** Only attempts within this time are counted. Milliseconds. */
  windowMs: number;
  /** The breaker does not open before so many attempts within the window. */
  requestsMin: number;
  /** The breaker opens when more than this part of the attempts failed, 0 to 100. */
  failedPercent: number;
  /** How long the breaker stays open before it lets one probe through, milliseconds. */
  pauseMs: number;
}

export type BreakerState = 'closed' | 'half-open' | 'open';

/** Stops requests to a target that fails, and sends a probe after each pause. */
export interface Breaker<T> {
  /**
   * @throws what the attempt throws; Failure 'breaker-open' (definite: the attempt was not made)
   */
  run(attempt: () => Promise<T>): Promise<T>;
  state(): BreakerState;
  close(): void;
}

/** Failures that count against the target. A refusal is not counted: the target has answered. */
const COUNTED: FailureCode[] = ['not-reached', 'timed-out', 'service-unavailable'];

/**
 * opossum, with our definition of a failure. Its time-out and semaphore stay off: after its
 * time-out the attempt would go on unobserved, and a full semaphore would count as a failure of the
 * target.
 * @see Nygard, "Release It!", 2nd ed. (2018), ch. 5, for the pattern
 */
export function createBreaker<T>(target: string, settings: BreakerSettings): Breaker<T> {
  const circuit: CircuitBreaker<[() => Promise<T>], T> = new CircuitBreaker(
    (attempt: () => Promise<T>) => attempt(),
    {
      name: target,
      timeout: false,
      rollingCountTimeout: settings.windowMs,
      volumeThreshold: settings.requestsMin,
      errorThresholdPercentage: settings.failedPercent,
      resetTimeout: settings.pauseMs,
      rollingPercentilesEnabled: false,
      enableSnapshots: false,
      // opossum counts filtered errors as successes: a half-open probe that ran out of time must
      // not close the breaker.
      errorFilter: (error: unknown) => !isCounted(error) || (isHurried(error) && !circuit.halfOpen),
    },
  );
  circuit.on('open', () => record({ event: 'breaker-opened', target }));
  circuit.on('halfOpen', () => record({ event: 'breaker-half-opened', target }));
  circuit.on('close', () => record({ event: 'breaker-closed', target }));
  return {
    run: (attempt) =>
      circuit.fire(attempt).catch((error: Error) => {
        throw CircuitBreaker.isOurError(error) ? notTried(target, circuit.isShutdown) : error;
      }),
    state: () => (circuit.halfOpen ? 'half-open' : circuit.opened ? 'open' : 'closed'),
    close: () => circuit.shutdown(),
  };
}

function isCounted(error: unknown): boolean {
  return !(error instanceof Failure) || COUNTED.includes(error.code);
}

/** Whether the attempt timed out with so little time that this says nothing about the target. */
function isHurried(error: unknown): boolean {
  const cause = error instanceof Failure ? error.cause : undefined;
  return cause instanceof OutOfTime && cause.isHurried;
}

function notTried(target: string, isShutdown: boolean): Failure {
  if (isShutdown) return new Failure('not-reached', `${target}: this client has been closed`);
  return new Failure(
    'breaker-open',
    `${target}: not sent, since the target has failed too often in the last seconds`,
  );
}
