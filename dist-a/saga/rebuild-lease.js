"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.keepLease = exports.stallMaxMs = exports.leaseMs = void 0;
const log_1 = require("../chassis/kafka/log");
/** A process that dies or is stopped while it rebuilds holds the others up for this long. */
exports.leaseMs = 3_000;
/** One renewal may fail, after the 1 s that a command may take, and the next one still comes in time. */
const renewEveryMs = 500;
/** Longer than a read of the log may stand still (15 s): a rebuild that hangs on something else gives way to others. */
exports.stallMaxMs = 20_000;
/** True when somebody else has it. An answer that does not come is left to the next time, as the rebuild meets it too. */
const isTaken = async (connection, holder) => {
    try {
        return !(await connection.lease(holder, exports.leaseMs));
    }
    catch (error) {
        if (!(error instanceof log_1.InfrastructureError))
            throw error;
        return false;
    }
};
/**
 * Renews the lease of a rebuild on a timer for as long as the rebuild is alive, however long one step of it takes on
 * a busy machine: if only progress renewed it, another process would overtake a rebuild that is merely slow, and begin
 * from nothing. Without progress for `stallMaxMs` it is not renewed.
 */
const keepLease = ({ clock, holder }, connection) => {
    const over = new AbortController();
    let progressAtMs = clock.nowMs();
    const keep = async () => {
        for (;;) {
            await clock.pause(renewEveryMs, over.signal);
            if (over.signal.aborted)
                return;
            const isStalled = clock.nowMs() - progressAtMs > exports.stallMaxMs;
            if (!isStalled && (await isTaken(connection, holder)))
                return;
        }
    };
    void keep();
    return {
        progressed: () => {
            progressAtMs = clock.nowMs();
        },
        stop: () => over.abort(),
    };
};
exports.keepLease = keepLease;
//# sourceMappingURL=rebuild-lease.js.map