"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.connectSimulatedStock = exports.SimulatedStock = void 0;
const log_1 = require("../../chassis/kafka/log");
const memory_stock_1 = require("../stock/memory-stock");
const snapshotsMax = 6;
/** How long a server that lost a failover still answers those who are connected to it. */
const splitMaxMs = 4_000;
/** The stock store's servers and what can happen to them. */
class SimulatedStock {
    memory;
    /** Nothing rests on the lease. Where everybody is given it, rebuilds overtake each other, which it makes rare. */
    leasesToAll;
    snapshots = [(0, memory_stock_1.emptyState)()];
    old = [];
    world;
    random;
    constructor(world, random) {
        this.world = world;
        this.random = random;
        this.memory = new memory_stock_1.MemoryStock(() => world.nowMs);
        this.leasesToAll = random.chance(1 / 3);
    }
    noteWrite() {
        this.snapshots.push((0, memory_stock_1.copyState)(this.memory.server.state));
        if (this.snapshots.length > snapshotsMax)
            this.snapshots.shift();
    }
    /** A restart: everything lost, its tail lost, or nothing lost. */
    crash() {
        const chance = this.random.next();
        if (chance < 0.3)
            this.memory.restart((0, memory_stock_1.emptyState)());
        else if (chance < 0.75)
            this.memory.restart(this.olderState());
        else
            this.memory.restart();
        this.snapshots = [(0, memory_stock_1.copyState)(this.memory.server.state)];
    }
    /** FLUSHALL: the same process, emptied. */
    flush() {
        this.memory.server.state = (0, memory_stock_1.emptyState)();
        this.snapshots = [(0, memory_stock_1.emptyState)()];
    }
    /** Another server with an older copy takes the place, and the old one does not know it yet. */
    failOver() {
        const endsAtMs = this.world.nowMs + this.random.integer(splitMaxMs);
        this.old.push({ server: this.memory.server, endsAtMs });
        this.memory.replace(this.olderState());
        this.snapshots = [(0, memory_stock_1.copyState)(this.memory.server.state)];
    }
    endOldServers(all) {
        for (const { server, endsAtMs } of this.old) {
            if (all || endsAtMs <= this.world.nowMs)
                server.isRunning = false;
        }
    }
    olderState() {
        return (0, memory_stock_1.copyState)(this.random.pick(this.snapshots) ?? (0, memory_stock_1.emptyState)());
    }
}
exports.SimulatedStock = SimulatedStock;
/** The words that change the store, after which it may crash or its answer may get lost. */
const writes = new Set([
    'decide',
    'settle',
    'emitted',
    'adjust',
    'close',
    'loadItems',
    'loadCommandIds',
    'loadOrders',
    'open',
    'sweep',
    'lease',
]);
const plain = new Set(['closed', 'disconnect', 'then']);
/** One process' way to the store: a turn before each command, lost answers and crashes after it. */
const connectSimulatedStock = (stock, world, actor, options) => {
    const { faults, rulesOff } = options;
    const command = async (name, run) => {
        await world.turn(actor);
        const answer = await run();
        if (!writes.has(name))
            return answer;
        stock.noteWrite();
        if (!faults.isOn())
            return answer;
        if (faults.random.chance(faults.crashChance))
            stock.crash();
        if (faults.random.chance(0.03))
            throw new log_1.InfrastructureError('the answer of the stock store was lost');
        return answer;
    };
    return {
        connect: async () => {
            await world.turn(actor);
            const { server } = stock.memory;
            const connection = rulesOff.stockConnection(await stock.memory.connect(), {
                stock: stock.memory,
                server,
            });
            return new Proxy(connection, {
                get: (target, name) => {
                    const member = Reflect.get(target, name);
                    if (plain.has(name) || typeof member !== 'function')
                        return member;
                    if (name === 'lease' && stock.leasesToAll)
                        return () => command(name, () => Promise.resolve(true));
                    return (...args) => command(name, () => Reflect.apply(member, target, args));
                },
            });
        },
    };
};
exports.connectSimulatedStock = connectSimulatedStock;
//# sourceMappingURL=simulated-stock.js.map