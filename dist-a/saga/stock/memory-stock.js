"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.MemoryStock = exports.MemoryServer = exports.copyState = exports.emptyState = void 0;
const log_1 = require("../../chassis/kafka/log");
const memory_scripts_1 = require("./memory-scripts");
const emptyState = () => ({
    current: undefined,
    generations: new Map(),
    lease: undefined,
});
exports.emptyState = emptyState;
const copyGeneration = (it) => ({
    orders: new Map(Array.from(it.orders, ([key, kept]) => [key, { ...kept }])),
    items: new Map(Array.from(it.items, ([itemId, stock]) => [itemId, { ...stock }])),
    buyers: new Map(it.buyers),
    adjusted: new Map(it.adjusted),
    commands: new Set(it.commands),
});
const copyState = (state) => ({
    current: state.current,
    lease: state.lease,
    generations: new Map(Array.from(state.generations, ([epoch, it]) => [epoch, copyGeneration(it)])),
});
exports.copyState = copyState;
/** One server process: it may end, and a process that follows it has another run id. */
class MemoryServer {
    state;
    isRunning = true;
    runId;
    nowMs;
    constructor(runId, nowMs, state = (0, exports.emptyState)()) {
        this.runId = runId;
        this.nowMs = nowMs;
        this.state = state;
    }
    generation(epoch) {
        const known = this.state.generations.get(epoch);
        if (known)
            return known;
        const fresh = (0, memory_scripts_1.emptyGeneration)();
        this.state.generations.set(epoch, fresh);
        return fresh;
    }
    isAt(epoch, open) {
        return this.state.current?.epoch === epoch && this.state.current.open === open;
    }
}
exports.MemoryServer = MemoryServer;
/** The stock store in memory: the scripts' words with the scripts' answers. */
class MemoryStock {
    server;
    starts = 1;
    constructor(nowMs) {
        this.server = new MemoryServer('run-1', nowMs);
    }
    /** The server ends and another one takes its place, with whatever state it found. */
    restart(state = (0, exports.copyState)(this.server.state)) {
        this.server.isRunning = false;
        this.replace(state);
    }
    /** Another server takes the place while the old one goes on for those who are connected to it. */
    replace(state) {
        this.starts += 1;
        this.server = new MemoryServer(`run-${this.starts}`, this.server.nowMs, state);
    }
    connect() {
        return Promise.resolve(new MemoryConnection(this.server));
    }
}
exports.MemoryStock = MemoryStock;
class MemoryConnection {
    closed;
    markClosed = () => undefined;
    isClosed = false;
    server;
    constructor(server) {
        this.server = server;
        this.closed = new Promise((resolve) => {
            this.markClosed = resolve;
        });
    }
    disconnect() {
        this.isClosed = true;
        this.markClosed();
    }
    serverRunId() {
        return this.run(() => this.server.runId);
    }
    current() {
        return this.run(() => this.server.state.current);
    }
    decide(epoch, requests, memory) {
        return this.whenOpen(epoch, (it, nowMs) => {
            const facts = { memory, nowMs, rememberedSinceMs: this.server.state.current?.rememberedSinceMs ?? 0 };
            return requests.map((request) => (0, memory_scripts_1.decideOne)(it, request, facts));
        });
    }
    settle(epoch, requests) {
        return this.whenOpen(epoch, (it, nowMs) => requests.map((request) => (0, memory_scripts_1.settleOne)(it, request, nowMs)));
    }
    emitted(epoch, keys, recordTtlMs) {
        return this.whenOpen(epoch, (it, nowMs) => {
            for (const key of keys)
                (0, memory_scripts_1.emittedOne)(it, key, nowMs + recordTtlMs);
            return 'marked';
        });
    }
    adjust(epoch, partition, adjustments) {
        return this.whenOpen(epoch, (it) => (0, memory_scripts_1.adjustAll)(it, partition, adjustments));
    }
    adjusted(epoch) {
        return this.run(() => new Map(this.server.state.generations.get(epoch)?.adjusted ?? []));
    }
    close(epoch, runId) {
        return this.run(() => {
            if ((this.server.state.current?.epoch ?? -1) > epoch)
                return false;
            this.server.state.current = { epoch, open: false, runId, startedEpochs: [], rememberedSinceMs: 0 };
            return true;
        });
    }
    loadItems(epoch, items, buyers) {
        return this.whenLoading(epoch, (it) => (0, memory_scripts_1.loadItems)(it, items, buyers));
    }
    loadCommandIds(epoch, commandIds) {
        return this.whenLoading(epoch, (it) => commandIds.forEach((id) => it.commands.add(id)));
    }
    loadOrders(epoch, orders) {
        return this.whenLoading(epoch, (it) => orders.forEach((kept) => (0, memory_scripts_1.loadOrder)(it, kept, this.server.nowMs())));
    }
    open(epoch, runId, opening) {
        return this.run(() => {
            if (!this.server.isAt(epoch, false) || this.server.state.current?.runId !== runId)
                return false;
            const { adjusted, startedEpochs, rememberedSinceMs } = opening;
            for (const [partition, next] of adjusted)
                this.server.generation(epoch).adjusted.set(partition, next);
            this.server.state.current = { epoch, open: true, runId, startedEpochs, rememberedSinceMs };
            return true;
        });
    }
    sweep(epoch) {
        return this.run(() => {
            const { generations } = this.server.state;
            for (const other of [...generations.keys()])
                if (other < epoch)
                    generations.delete(other);
        });
    }
    lease(holder, forMs) {
        return this.run(() => {
            const { lease } = this.server.state;
            if (lease && lease.holder !== holder && lease.untilMs > this.server.nowMs())
                return false;
            this.server.state.lease = { holder, untilMs: this.server.nowMs() + forMs };
            return true;
        });
    }
    audit(epoch) {
        return this.whenOpen(epoch, memory_scripts_1.auditAll);
    }
    whenOpen(epoch, work) {
        return this.run(() => this.server.isAt(epoch, true) ? work(this.server.generation(epoch), this.server.nowMs()) : 'stale');
    }
    whenLoading(epoch, work) {
        return this.run(() => {
            if (!this.server.isAt(epoch, false))
                return 'stale';
            work(this.server.generation(epoch));
            return 'loaded';
        });
    }
    async run(work) {
        if (this.isClosed || !this.server.isRunning) {
            this.disconnect();
            throw new log_1.InfrastructureError('the connection to the stock store is closed');
        }
        return work();
    }
}
//# sourceMappingURL=memory-stock.js.map