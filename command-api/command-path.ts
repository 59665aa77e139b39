import type { Problem } from '../chassis/http/problem';
import type { LogProducer, NewRecord, SendOutcome } from '../chassis/kafka/log';
import type { Span } from '../chassis/tracing';
import type { Admission, Admitted, Claim, Claimed, FirstAnswer, Quota } from './admission';
import type { Attempt, CircuitBreaker, Permit } from './circuit-breaker';

/** A command ready for the log, with everything that is needed to remember it. */
export interface Submission {
  readonly claim: Claim;
  /** Absent when there is an objection for certain: what it would have been cannot be said. */
  readonly record: NewRecord | undefined;
  /**
   * What stands against it at the last moment before the log, asked only of what is no repeat: a repeat of something
   * accepted gets its first answer, also after the sale is over.
   */
  readonly objection?: (() => Problem | undefined) | undefined;
  /** Absent: its trace is not sampled. */
  readonly span?: Span | undefined;
}

export const unavailabilities = ['breaker-open', 'overload', 'not-in-log', 'unknown'] as const;
export type Unavailability = (typeof unavailabilities)[number];

export type Submitted =
  | { readonly kind: 'appended'; readonly first: FirstAnswer; readonly quota: Quota | undefined }
  | Exclude<Admitted, Claimed>
  | { readonly kind: 'refused'; readonly problem: Problem }
  | { readonly kind: 'unavailable'; readonly reason: Unavailability; readonly retryAfterMs: number };

/** Named places between two awaits where a test ends the process; never given in production. */
export type AtStep = (step: 'claimed' | 'appended') => void;

export interface CommandPathOptions {
  readonly admission: Admission;
  readonly producer: LogProducer;
  readonly breaker: CircuitBreaker;
  /** Most commands under way; the next one is refused at once, so that waiting time stays bounded. */
  readonly inFlightMax: number;
  readonly atStep?: AtStep;
}

/** Answered at once, and worth a retry in a second. */
export const overload = { kind: 'unavailable', reason: 'overload', retryAfterMs: 1_000 } as const;
/** After a failed send that left the id free. */
const failedRetryMs = 1_000;

/** Overload never gets this far: what may be under way is bounded below the producer's queue. */
const attemptOf = (outcome: SendOutcome): Attempt => (outcome.kind === 'acked' ? 'success' : 'failure');

/** The one way of a command into the log: breaker and bound, claim, append, remember. Never rejects on its own account. */
export class CommandPath {
  private readonly options: CommandPathOptions;
  private underWay = 0;

  constructor(options: CommandPathOptions) {
    this.options = options;
  }

  get inFlight(): number {
    return this.underWay;
  }

  /** What has to be waited for before a command, within the same bound; `undefined`: too much is under way. */
  within<T>(work: () => Promise<T>): Promise<T> | undefined {
    if (this.underWay >= this.options.inFlightMax) return undefined;
    this.underWay += 1;
    return work().finally(() => (this.underWay -= 1));
  }

  async submit(submission: Submission): Promise<Submitted> {
    if (this.underWay >= this.options.inFlightMax) return overload;
    const permit = this.options.breaker.tryPass();
    if (permit.kind === 'refused') {
      return { kind: 'unavailable', reason: 'breaker-open', retryAfterMs: permit.retryAfterMs };
    }
    this.underWay += 1;
    try {
      return await this.submitWith(permit, submission);
    } finally {
      // After an error nothing has told the breaker: half-open it would wait for this probe for ever.
      this.options.breaker.settle(permit, 'unused');
      this.underWay -= 1;
    }
  }

  private async submitWith(permit: Permit, submission: Submission): Promise<Submitted> {
    const admitted = await this.options.admission.admit(submission.claim);
    if (admitted.kind !== 'claimed') return admitted;
    const problem = submission.objection?.();
    const { record } = submission;
    if (problem !== undefined || record === undefined) {
      this.options.admission.release(submission.claim, admitted, 'refused');
      if (problem === undefined) throw new TypeError('a command without a record needs an objection');
      return { kind: 'refused', problem };
    }
    submission.span?.event('claimed');
    this.options.atStep?.('claimed');
    const outcome = await this.options.producer.send(record);
    this.options.breaker.settle(permit, attemptOf(outcome));
    if (outcome.kind !== 'acked') return this.giveBack(submission, admitted, outcome);

    const { partition, offset } = outcome;
    submission.span?.event('acknowledged', { partition, offset });
    this.options.atStep?.('appended');
    const position = { topic: record.topic, partition, offset };
    const first = { correlation_id: submission.claim.correlationId, position };
    // The 202 follows this on its way: the query API answers PENDING from the record until the order's row exists.
    await this.options.admission.accept(submission.claim, first);
    return { kind: 'appended', first, quota: admitted.quota };
  }

  private giveBack(
    submission: Submission,
    claimed: Claimed,
    outcome: Exclude<SendOutcome, { readonly kind: 'acked' }>,
  ): Submitted {
    const reason = outcome.kind === 'rejected' ? 'not-in-log' : 'unknown';
    this.options.admission.release(submission.claim, claimed, reason);
    // Before its lease has run out a retry of an unknown outcome finds the id held: 409, and told to wait again.
    const heldMs = reason === 'unknown' ? (claimed.heldUntilMs ?? 0) - performance.now() : 0;
    return { kind: 'unavailable', reason, retryAfterMs: Math.max(failedRetryMs, heldMs) };
  }
}
