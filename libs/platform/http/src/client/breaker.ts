import { Failure, type FailureCode } from '@indoubt/failure';
import { type EventName, record } from '@indoubt/record';
import CircuitBreaker from 'opossum';
import { OutOfTime } from './failure-of-answer.ts';

export interface BreakerSettings {
  /** What counts happened within this time, milliseconds. */
  windowMs: number;
  /** Never opens before so many attempts within the window, however many failed. */
  requestsMin: number;
  /** Opens when more than this part of them failed, 0 to 100. */
  failedPercent: number;
  /** How long it stays open before one attempt may try again, milliseconds. */
  pauseMs: number;
}

export type BreakerState = 'closed' | 'half-open' | 'open';

/** Stops asking a target that is ill, and looks now and then whether it is well again. */
export interface Breaker<T> {
  /**
   * @throws what the attempt throws; Failure 'breaker-open' (definite: it was not made)
   */
  run(attempt: () => Promise<T>): Promise<T>;
  state(): BreakerState;
  close(): void;
}

/** A refusal is an answer, and an answer is a sign of health. */
const ILL: FailureCode[] = ['not-reached', 'timed-out', 'service-unavailable'];

/**
 * opossum, told what a failure is. Its own time-out and semaphore stay off: after its time-out the
 * attempt would go on unseen, and a full semaphore would count as a failure of the target.
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
      // What it filters out it takes for health, so a hurried probe must not pass for one.
      errorFilter: (error: unknown) => !isIll(error) || (isHurried(error) && !circuit.halfOpen),
    },
  );
  const tell = (event: EventName) => () => record({ event, target });
  circuit.on('open', tell('breaker-opened'));
  circuit.on('halfOpen', tell('breaker-half-opened'));
  circuit.on('close', tell('breaker-closed'));
  return {
    run: (attempt) =>
      circuit.fire(attempt).catch((error: Error) => {
        throw CircuitBreaker.isOurError(error) ? notTried(target, circuit.isShutdown) : error;
      }),
    state: () => (circuit.halfOpen ? 'half-open' : circuit.opened ? 'open' : 'closed'),
    close: () => circuit.shutdown(),
  };
}

function isIll(error: unknown): boolean {
  return !(error instanceof Failure) || ILL.includes(error.code);
}

/** Out of time, having had so little of it that this says nothing of the target. */
function isHurried(error: unknown): boolean {
  const cause = error instanceof Failure ? error.cause : undefined;
  return cause instanceof OutOfTime && cause.isHurried;
}

function notTried(target: string, isShutdown: boolean): Failure {
  if (isShutdown) return new Failure('not-reached', `${target}: this client has been closed`);
  return new Failure('breaker-open', `${target}: not asked, it has failed too often just now`);
}
