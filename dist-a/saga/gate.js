"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.createGate = exports.judge = void 0;
const log_1 = require("../chassis/kafka/log");
const rebuild_lease_1 = require("./rebuild-lease");
/**
 * Rules R4 and R12: whether what this server process holds may be used. A restarted server may have lost its tail, an
 * emptied or restored one more than that, so anything but "opened in this very process, newest claim" is rebuilt from
 * the log.
 */
const judge = (current, runId, newestClaim) => {
    if (!current)
        return { kind: 'rebuild', reason: 'the stock store holds no generation' };
    if (current.runId !== runId)
        return { kind: 'rebuild', reason: 'the stock store was restarted or replaced' };
    if (!current.open)
        return { kind: 'rebuild', reason: 'a generation was begun and not opened' };
    if (newestClaim > current.epoch)
        return { kind: 'rebuild', reason: `epoch ${newestClaim} was claimed` };
    return { kind: 'usable', generation: { epoch: current.epoch, startedEpochs: current.startedEpochs } };
};
exports.judge = judge;
/** How often an idle session is looked at, so that a loss is noticed without an order. */
const lookEveryMs = 1_000;
/** While another process rebuilds. */
const pollEveryMs = 100;
const reconnectAfterMs = 200;
/** One connection to one server process, and the judgement of what it holds. */
class GatedServer {
    over = new AbortController();
    parts;
    connection;
    runId;
    say;
    constructor(parts, connection, runId, say) {
        this.parts = parts;
        this.connection = connection;
        this.runId = runId;
        this.say = say;
        void connection.closed.then(() => this.over.abort());
    }
    /**
     * Keeps the store usable until the connection ends or its generation does; throws when it does not answer. A
     * generation that ends is looked at through a new connection before it is rebuilt: after a failover the address
     * leads to another server than this one.
     */
    async serve(doubtOf) {
        let hasServed = false;
        while (!this.over.signal.aborted) {
            const verdict = await this.look();
            if (verdict.kind === 'usable') {
                await this.hold(verdict.generation, doubtOf());
                hasServed = true;
            }
            else if (hasServed)
                return;
            else
                await this.rebuild(verdict.reason);
        }
    }
    async look() {
        const newestClaim = await this.parts.fence.newestClaim();
        return (0, exports.judge)(await this.connection.current(), this.runId, newestClaim);
    }
    /** Until the connection ends, somebody doubts it, or a look at it says that its generation is over. */
    async hold(generation, doubt) {
        const end = AbortSignal.any([doubt, this.over.signal]);
        this.say('open', { connection: this.connection, generation });
        try {
            for (;;) {
                await this.parts.clock.pause(lookEveryMs, end);
                if (end.aborted)
                    return;
                const verdict = await this.look();
                if (verdict.kind !== 'usable' || verdict.generation.epoch !== generation.epoch)
                    return;
            }
        }
        finally {
            this.say('waiting');
        }
    }
    /** One process rebuilds and the others wait for it, as long as its lease lasts. */
    async rebuild(reason) {
        const { clock, holder, log } = this.parts;
        this.say('waiting');
        if (!(await this.connection.lease(holder, rebuild_lease_1.leaseMs)))
            return clock.pause(pollEveryMs, this.over.signal);
        if ((await this.look()).kind === 'usable')
            return;
        this.say('rebuilding');
        log.warn(`rebuilding the stock store: ${reason}`, { event: 'reconcile_begun', reason });
        const { kind, epoch } = await this.parts.reconcile(this.connection, this.runId, reason);
        if (kind === 'opened')
            return;
        log.warn(`epoch ${epoch} was overtaken by a newer one`, { event: 'epoch_outrun', epoch });
        await clock.pause(pollEveryMs, this.over.signal);
    }
}
class StockGate {
    parts;
    stopping = new AbortController();
    waiters = new Set();
    running;
    open;
    doubt = new AbortController();
    current = 'connecting';
    /** What ended the last attempt; gone once the store is open. */
    trouble;
    constructor(parts) {
        this.parts = parts;
        this.running = this.keep();
    }
    async session(waitMs, signal) {
        if (!this.open)
            await this.opening(waitMs, signal);
        if (!this.open) {
            const why = this.trouble === undefined ? '' : `: ${this.trouble}`;
            throw new log_1.InfrastructureError(`the stock store is not open (${this.current})${why}`);
        }
        return this.open;
    }
    peek() {
        return this.open;
    }
    suspect(session) {
        if (this.open !== session)
            return;
        this.open = undefined;
        this.doubt.abort();
    }
    state() {
        return this.current;
    }
    stop() {
        this.stopping.abort();
        return this.running;
    }
    async keep() {
        while (!this.isStopping()) {
            this.say('connecting');
            try {
                await this.connectAndServe();
            }
            catch (error) {
                if (!(error instanceof log_1.InfrastructureError))
                    throw error;
                this.trouble = error.message;
                this.parts.log.warn('the stock store or the log does not answer', { event: 'gate_trouble', error });
            }
            await this.parts.clock.pause(reconnectAfterMs, this.stopping.signal);
        }
        this.say('stopped');
    }
    async connectAndServe() {
        const connection = await this.parts.connector.connect();
        try {
            const runId = await connection.serverRunId();
            const say = (state, session) => this.say(state, session);
            const server = new GatedServer(this.parts, connection, runId, say);
            const stop = () => server.over.abort();
            this.stopping.signal.addEventListener('abort', stop, { once: true, signal: server.over.signal });
            if (this.isStopping())
                stop();
            await server.serve(() => this.newDoubt());
        }
        finally {
            connection.disconnect();
        }
    }
    newDoubt() {
        this.doubt = new AbortController();
        return this.doubt.signal;
    }
    isStopping() {
        return this.stopping.signal.aborted;
    }
    say(state, session) {
        this.current = state;
        this.open = session;
        if (session)
            this.trouble = undefined;
        if (session)
            for (const wake of [...this.waiters])
                wake();
    }
    async opening(waitMs, signal) {
        const given = new AbortController();
        const wake = () => given.abort();
        this.waiters.add(wake);
        signal?.addEventListener('abort', wake, { once: true, signal: given.signal });
        await this.parts.clock.pause(waitMs, given.signal);
        this.waiters.delete(wake);
        given.abort();
    }
}
/** Keeps one gated session for all partitions of this process, and rebuilds the store when it has to. */
const createGate = (parts) => new StockGate(parts);
exports.createGate = createGate;
//# sourceMappingURL=gate.js.map