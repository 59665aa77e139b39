"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.reconcile = void 0;
const append_epoch_1 = require("./append-epoch");
const load_generation_1 = require("./load-generation");
const rebuild_lease_1 = require("./rebuild-lease");
const sayEveryMs = 1_000;
/** Says how far the rebuild is, once a second at most. */
const progressReporter = (parts) => {
    let saidAtMs = parts.clock.nowMs();
    return (progress) => {
        if (parts.clock.nowMs() - saidAtMs < sayEveryMs)
            return;
        saidAtMs = parts.clock.nowMs();
        parts.onProgress(progress);
        parts.log.info(`rebuilding the stock store: ${progress.read} of ${progress.total} outcomes`, {
            event: 'reconcile_progress',
            ...progress,
        });
    };
};
/**
 * Keys of dead generations only take memory, but where it is scarce the new one needs theirs: a load that ends at
 * `maxmemory` would leave two generations behind, and the next one would end sooner. A failure is left to the next time.
 */
const sweep = async ({ log }, connection, epoch) => {
    try {
        await connection.sweep(epoch);
    }
    catch (error) {
        log.warn('keys of older epochs are still in the stock store', { event: 'sweep_failed', error });
    }
};
const rebuild = async (parts, connection, runId, reason) => {
    const startedAtMs = parts.clock.nowMs();
    const epoch = await (0, append_epoch_1.claimEpoch)(parts, parts.holder, reason);
    parts.atStep('after-claim');
    if (!(await connection.close(epoch, runId)))
        return { kind: 'outrun', epoch };
    parts.atStep('after-close');
    const [markers] = await Promise.all([(0, append_epoch_1.writeMarkers)(parts, epoch), sweep(parts, connection, epoch)]);
    parts.atStep('after-markers');
    const say = progressReporter(parts);
    const onProgress = (progress) => {
        parts.lease.progressed();
        say(progress);
    };
    const loaded = await (0, load_generation_1.loadGeneration)({ ...parts, onProgress }, connection, epoch, markers);
    parts.atStep('after-load');
    if (loaded.kind === 'outrun')
        return { kind: 'outrun', epoch };
    /** An emptied store forgets that a newer generation had it; the log does not. */
    if ((await parts.fence.newestClaim()) !== epoch)
        return { kind: 'outrun', epoch };
    if (!(await connection.open(epoch, runId, loaded.opening)))
        return { kind: 'outrun', epoch };
    parts.atStep('after-open');
    parts.onProgress(loaded.progress);
    parts.log.info(`the stock store is open at epoch ${epoch}`, {
        event: 'epoch_opened',
        reason,
        duration_ms: Math.round(parts.clock.nowMs() - startedAtMs),
        ...loaded.progress,
    });
    return { kind: 'opened', epoch };
};
/**
 * Begins a new generation of the stock store from the log alone: claim its number, close the store, fence every
 * partition of the outcomes, sweep older generations away, fold, load, open. Two at once do no harm: the store belongs to the newer claim.
 * `runId` is that of the server at the other end of `connection`, whose lease the caller has just been given.
 * @throws InfrastructureError when the log or the store does not answer; call it again.
 */
const reconcile = async (parts, connection, runId, reason) => {
    const lease = (0, rebuild_lease_1.keepLease)(parts, connection);
    const atStep = (step) => {
        lease.progressed();
        parts.atStep(step);
    };
    try {
        return await rebuild({ ...parts, atStep, lease }, connection, runId, reason);
    }
    finally {
        lease.stop();
    }
};
exports.reconcile = reconcile;
//# sourceMappingURL=reconcile.js.map