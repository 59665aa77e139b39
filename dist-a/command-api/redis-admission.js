"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.RedisAdmission = exports.leaseMs = void 0;
const node_fs_1 = require("node:fs");
const node_path_1 = require("node:path");
const batch_queue_1 = require("./batch-queue");
const window_limiter_1 = require("./window-limiter");
/**
 * Longer than a command can take (2.9 s, see below), so that a living request never loses its claim; short enough that
 * after a crash between claim and acknowledgement a retry is let in within 6 s.
 */
exports.leaseMs = 5_000;
/** A script call this large takes about 1 ms of Redis; larger ones would make the saga's scripts wait. */
const batchMax = 128;
/**
 * Without it batches held ten commands at 128 connections, and writing them to the socket was a sixth of the process's time.
 * Half of 128 connections is company enough.
 */
const everyMs = 2;
const hurryAt = 64;
/** Below this many waiting commands; beyond it Redis is not keeping up and is treated as away. */
const waitingMax = 8_192;
/**
 * A batch normally takes 1 ms. After this the request goes on without Redis. With the log's 2 s between the two a
 * request is answered within 2.9 s: a buyer waits 3 s at most.
 */
const admitWithinMs = 500;
const acceptWithinMs = 400;
/** After a failure nobody waits for that script for so long: one hung server costs one wait and not one a request. */
const restMs = 1_000;
const frees = 1;
const hasReplayKey = 2;
const readScript = (name) => (0, node_fs_1.readFileSync)((0, node_path_1.join)(__dirname, `${name}.lua`), 'utf8');
const parseFirst = (json) => {
    try {
        return JSON.parse(json);
    }
    catch {
        return undefined;
    }
};
/** Admission in Redis, one script call for all that waits in one turn of the event loop; in process while Redis is away. */
class RedisAdmission {
    redis;
    scripts;
    options;
    fallback;
    nowMs;
    admissions;
    acceptances;
    releases;
    restsUntilMs = { admit: 0, accept: 0 };
    constructor(redis, options) {
        redis.defineCommand('admitCommands', { lua: readScript('admit') });
        redis.defineCommand('acceptCommands', { lua: readScript('accept') });
        redis.defineCommand('releaseCommands', { lua: readScript('release') });
        this.redis = redis;
        this.scripts = redis;
        this.options = options;
        this.nowMs = options.nowMs ?? (() => performance.now());
        this.fallback = new window_limiter_1.WindowLimiter(options.limits, this.nowMs);
        const within = (answerWithinMs) => ({
            batchMax,
            waitingMax,
            answerWithinMs,
            everyMs,
            hurryAt,
        });
        this.admissions = new batch_queue_1.BatchQueue((claims) => this.runAdmit(claims), within(admitWithinMs));
        this.acceptances = new batch_queue_1.BatchQueue((batch) => this.runAccept(batch), within(acceptWithinMs), {
            result: undefined,
        });
        this.acceptances.joinWith(this.admissions);
        this.releases = new batch_queue_1.BatchQueue((batch) => this.runRelease(batch), within(admitWithinMs));
    }
    async admit(claim) {
        if (!this.isReady || this.rests('admit'))
            return this.admitAlone(claim);
        try {
            return await this.admissions.add(claim);
        }
        catch (error) {
            this.rest('admit', error);
            return this.admitAlone(claim);
        }
    }
    /**
     * Tried whenever there is a connection: one late batch of claims says little about the answers, and an answer that is
     * not remembered leaves its order unknown to readers until the view has it. Late ones are sent and not waited for.
     *
     * Resolves when it is on its way: whoever asks after the 202 asks Redis behind it. Waiting for the reply as well cost a
     * quarter of what one process accepts at 128 connections (docs/benchmark-command-api.md). A repeat that overtakes it
     * all the same reads "in flight", a reader waits for the view.
     */
    async accept(claim, _claimed, first) {
        if (!this.isReady)
            return;
        const remembered = this.acceptances
            .add({ claim, first })
            .catch((error) => this.rest('accept', error));
        if (!this.rests('accept'))
            await remembered;
    }
    release(claim, claimed, reason) {
        if (claimed.countedAtMs === undefined || !this.isReady)
            return;
        const release = { claim, countedAtMs: claimed.countedAtMs, isFreed: reason === 'not-in-log' };
        this.releases.add(release).catch((error) => this.rest('admit', error));
    }
    get isReady() {
        return this.redis.status === 'ready';
    }
    rests(script) {
        return this.nowMs() < this.restsUntilMs[script];
    }
    rest(script, error) {
        if (!this.isReady || this.rests(script))
            return;
        this.restsUntilMs[script] = this.nowMs() + restMs;
        this.options.log.warn('redis does not answer: commands are let in without it', {
            event: 'admission_without_redis',
            script,
            error,
        });
    }
    admitAlone(claim) {
        this.options.onAway?.();
        if (claim.user === undefined || this.options.limits.requestsMax === 0) {
            return { kind: 'claimed', quota: undefined, countedAtMs: undefined };
        }
        const counted = this.fallback.count(claim.user);
        if (counted.kind === 'limited')
            return counted;
        return { kind: 'claimed', quota: counted.quota, countedAtMs: undefined };
    }
    /** Of the spans with even and with odd numbers (admit.lua); none when nobody of a batch is counted. */
    spanKeys(isCounted) {
        if (!isCounted)
            return [];
        const begin = `${this.options.windowKeys}:${this.options.limits.windowMs}`;
        return [`${begin}:0`, `${begin}:1`];
    }
    async runAdmit(claims) {
        const { requestsMax, windowMs } = this.options.limits;
        const isCounted = requestsMax > 0 && claims.some(({ user }) => user !== undefined);
        const keys = [...this.spanKeys(isCounted)];
        const values = [exports.leaseMs, isCounted ? requestsMax : 0, windowMs];
        for (const { recordKey, user = '', replayKey, payload, correlationId } of claims) {
            keys.push(recordKey);
            if (replayKey !== undefined)
                keys.push(replayKey);
            values.push(payload, correlationId, isCounted ? user : '', replayKey === undefined ? 0 : 1);
        }
        const replies = (await this.scripts.admitCommands(keys.length, ...keys, ...values));
        return claims.map((_, index) => toAdmitted(replies, index * 4));
    }
    async runAccept(batch) {
        const keys = [];
        const values = [this.options.idempotencyTtlMs];
        for (const { claim, first } of batch) {
            keys.push(claim.recordKey);
            if (claim.replayKey !== undefined)
                keys.push(claim.replayKey);
            values.push(claim.payload, JSON.stringify(first), claim.replayKey === undefined ? 0 : 1);
        }
        try {
            await this.scripts.acceptCommands(keys.length, ...keys, ...values);
        }
        catch (error) {
            // Those of this batch do not wait any more, and would not say so.
            this.rest('accept', error);
            throw error;
        }
        return batch.map(() => undefined);
    }
    async runRelease(batch) {
        const isCounted = batch.some(({ countedAtMs }) => countedAtMs !== 0);
        const keys = [...this.spanKeys(isCounted)];
        const values = [isCounted ? this.options.limits.windowMs : 0];
        for (const { claim, countedAtMs, isFreed } of batch) {
            keys.push(claim.recordKey);
            if (claim.replayKey !== undefined)
                keys.push(claim.replayKey);
            const flags = (isFreed ? frees : 0) + (claim.replayKey === undefined ? 0 : hasReplayKey);
            values.push(claim.correlationId, countedAtMs === 0 ? '' : (claim.user ?? ''), countedAtMs, flags);
        }
        await this.scripts.releaseCommands(keys.length, ...keys, ...values);
        return batch.map(() => undefined);
    }
}
exports.RedisAdmission = RedisAdmission;
/** The four values of admit.lua at `at`, in words. What cannot be read is treated as in flight: a retry is harmless. */
const toAdmitted = (replies, at) => {
    const detail = replies[at + 1];
    switch (replies[at]) {
        case 'CLAIMED': {
            const remaining = Number(replies[at + 2]);
            const quota = remaining < 0 ? undefined : { remaining, resetMs: Number(replies[at + 3]) };
            return { kind: 'claimed', quota, countedAtMs: Number(detail) };
        }
        case 'ACCEPTED': {
            const first = parseFirst(String(detail));
            return first ? { kind: 'accepted', first } : { kind: 'in-flight', retryAfterMs: exports.leaseMs };
        }
        case 'MISMATCH':
            return { kind: 'mismatch' };
        case 'LIMITED':
            return { kind: 'limited', retryAfterMs: Number(detail) };
        default:
            return { kind: 'in-flight', retryAfterMs: Math.max(0, Number(detail)) };
    }
};
//# sourceMappingURL=redis-admission.js.map