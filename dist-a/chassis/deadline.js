"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.backoffMs = exports.pause = exports.withDeadline = exports.DeadlineError = void 0;
/** A wait that ran out of time. */
class DeadlineError extends Error {
    name = 'DeadlineError';
}
exports.DeadlineError = DeadlineError;
/**
 * Settles as `work` does, or rejects with DeadlineError after `timeoutMs`. The work itself goes on unseen:
 * use it only where a late result does no harm.
 */
const withDeadline = async (work, timeoutMs, what) => {
    let timer;
    const late = new Promise((_, reject) => {
        timer = setTimeout(() => reject(new DeadlineError(`${what} took longer than ${timeoutMs} ms`)), timeoutMs);
    });
    try {
        return await Promise.race([work, late]);
    }
    finally {
        clearTimeout(timer);
    }
};
exports.withDeadline = withDeadline;
/** Waits, unless the signal aborts first; never rejects. For backoff, not for tests. */
const pause = (milliseconds, signal) => new Promise((resolve) => {
    if (signal?.aborted) {
        resolve();
        return;
    }
    const done = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', done);
        resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal?.addEventListener('abort', done, { once: true });
});
exports.pause = pause;
/** Exponential backoff with full jitter, so that many waiters do not come back together. */
const backoffMs = (attempt, baseMs, maxMs, random = Math.random) => Math.round(random() * Math.min(maxMs, baseMs * 2 ** Math.min(attempt, 30)));
exports.backoffMs = backoffMs;
//# sourceMappingURL=deadline.js.map