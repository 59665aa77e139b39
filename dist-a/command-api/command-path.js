"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.CommandPath = exports.overload = exports.unavailabilities = void 0;
exports.unavailabilities = ['breaker-open', 'overload', 'not-in-log', 'unknown'];
/** Answered at once, and worth a retry in a second. */
exports.overload = { kind: 'unavailable', reason: 'overload', retryAfterMs: 1_000 };
/** After a failed send: by then the lease of an unknown outcome (5 s) may not be over, and the 409 says how long. */
const failedRetryMs = 1_000;
/** Overload never gets this far: what may be under way is bounded below the producer's queue. */
const attemptOf = (outcome) => (outcome.kind === 'acked' ? 'success' : 'failure');
/** The one way of a command into the log: breaker and bound, claim, append, remember. Never rejects on its own account. */
class CommandPath {
    options;
    underWay = 0;
    constructor(options) {
        this.options = options;
    }
    get inFlight() {
        return this.underWay;
    }
    /** What has to be waited for before a command, within the same bound; `undefined`: too much is under way. */
    within(work) {
        if (this.underWay >= this.options.inFlightMax)
            return undefined;
        this.underWay += 1;
        return work().finally(() => (this.underWay -= 1));
    }
    async submit(submission) {
        if (this.underWay >= this.options.inFlightMax)
            return exports.overload;
        const permit = this.options.breaker.tryPass();
        if (permit.kind === 'refused') {
            return { kind: 'unavailable', reason: 'breaker-open', retryAfterMs: permit.retryAfterMs };
        }
        this.underWay += 1;
        try {
            return await this.submitWith(permit, submission);
        }
        finally {
            // After an error nothing has told the breaker: half-open it would wait for this probe for ever.
            this.options.breaker.settle(permit, 'unused');
            this.underWay -= 1;
        }
    }
    async submitWith(permit, submission) {
        const admitted = await this.options.admission.admit(submission.claim);
        if (admitted.kind !== 'claimed')
            return admitted;
        const problem = submission.objection?.();
        const { record } = submission;
        if (problem !== undefined || record === undefined) {
            this.options.admission.release(submission.claim, admitted, 'not-in-log');
            if (problem === undefined)
                throw new TypeError('a command without a record needs an objection');
            return { kind: 'refused', problem };
        }
        submission.span?.event('claimed');
        this.options.atStep?.('claimed');
        const outcome = await this.options.producer.send(record);
        this.options.breaker.settle(permit, attemptOf(outcome));
        if (outcome.kind !== 'acked')
            return this.giveBack(submission, admitted, outcome);
        const { partition, offset } = outcome;
        submission.span?.event('acknowledged', { partition, offset });
        this.options.atStep?.('appended');
        const first = submission.firstAnswer({ topic: record.topic, partition, offset });
        // The 202 follows this on its way: the query API answers PENDING from the record until the order's row exists.
        await this.options.admission.accept(submission.claim, admitted, first);
        return { kind: 'appended', first, quota: admitted.quota };
    }
    giveBack(submission, claimed, outcome) {
        const reason = outcome.kind === 'rejected' ? 'not-in-log' : 'unknown';
        this.options.admission.release(submission.claim, claimed, reason);
        return { kind: 'unavailable', reason, retryAfterMs: failedRetryMs };
    }
}
exports.CommandPath = CommandPath;
//# sourceMappingURL=command-path.js.map