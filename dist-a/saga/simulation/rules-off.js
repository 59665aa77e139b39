"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.rulesWithout = exports.withoutRule = exports.allRules = void 0;
exports.allRules = {
    stockConnection: (connection) => connection,
    codec: (codec) => codec,
    handlerFence: (fence) => fence,
    payment: (payment) => payment,
    memory: (memory) => memory,
    sales: (sales) => sales,
    commitsFirst: false,
};
/** A connection with some of its words replaced. */
const changed = (connection, words) => new Proxy(connection, {
    get: (target, name) => {
        const word = Reflect.get(words, name) ?? Reflect.get(target, name);
        return typeof word === 'function' ? word.bind(target) : word;
    },
});
const forgettingDecisions = (connection, { server }) => changed(connection, {
    decide: (epoch, requests, memory) => {
        for (const { key } of requests)
            server.generation(epoch).orders.delete(key);
        return connection.decide(epoch, requests, memory);
    },
});
const forgettingRefusals = (connection, { server }) => changed(connection, {
    decide: async (epoch, requests, memory) => {
        const decisions = await connection.decide(epoch, requests, memory);
        for (const { key } of decisions === 'stale' ? [] : requests) {
            const { orders } = server.generation(epoch);
            if (orders.get(key)?.record.state === 'FAILED')
                orders.delete(key);
        }
        return decisions;
    },
});
const withoutEpochCheck = (connection, { server }) => {
    server.isAt = () => true;
    return connection;
};
/** As a client that reconnects by itself: its commands reach whatever server is there. */
const reconnecting = (first, { stock, server }) => {
    let at = server;
    let inner = Promise.resolve(first);
    const current = () => {
        if (!at.isRunning) {
            at = stock.server;
            inner = stock.connect();
        }
        return inner;
    };
    return new Proxy(first, {
        get: (target, name) => {
            const member = Reflect.get(target, name);
            if (name === 'closed')
                return new Promise(() => undefined);
            if (typeof member !== 'function' || name === 'disconnect')
                return member;
            if (name === 'serverRunId')
                return () => Promise.resolve(server.runId);
            return async (...args) => {
                const connection = await current();
                return Reflect.apply(Reflect.get(connection, name), connection, args);
            };
        },
    });
};
/** A restarted server counts as the one it was, as long as it still holds a generation. */
const trustingRestarts = (connection, { server }) => {
    const { current } = server.state;
    if (current)
        server.state.current = { ...current, runId: server.runId };
    return connection;
};
const settlingTwice = (connection, { server }) => changed(connection, {
    settle: (epoch, requests) => {
        for (const { order } of requests) {
            const kept = server.generation(epoch).orders.get(order.key);
            const record = { state: 'RESERVED', atMs: 0, order };
            if (kept)
                server.generation(epoch).orders.set(order.key, { record, payload: kept.payload });
        }
        return connection.settle(epoch, requests);
    },
});
const expiringAtSettlement = (connection, { server }) => changed(connection, {
    settle: async (epoch, requests) => {
        const settled = await connection.settle(epoch, requests);
        for (const { order } of requests) {
            const kept = server.generation(epoch).orders.get(order.key);
            if (kept)
                kept.expiresAtMs ??= server.nowMs() + 30;
        }
        return settled;
    },
});
const neverMissingAnything = (connection) => changed(connection, {
    open: (epoch, runId, opening) => connection.open(epoch, runId, { ...opening, rememberedSinceMs: Infinity }),
});
const neverStaleAtEmission = (connection) => changed(connection, {
    emitted: async (epoch, keys, ttlMs) => {
        await connection.emitted(epoch, keys, ttlMs);
        return 'marked';
    },
});
const neverVoid = (codec) => ({
    ...codec,
    decode: (topic, value) => {
        const decoded = codec.decode(topic, value);
        if (decoded.kind !== 'event')
            return decoded;
        const { event } = decoded;
        if (event.type !== 'OrderCompleted' && event.type !== 'OrderFailed')
            return decoded;
        return { ...decoded, event: { ...event, epoch: Number.MAX_SAFE_INTEGER } };
    },
});
const fenceByStoreOnly = (_fence, epochInUse) => ({
    newestClaim: () => Promise.resolve(epochInUse()),
});
const epochOf = (paymentKey) => Number(paymentKey.slice(paymentKey.lastIndexOf(':') + 1));
const withoutEpoch = (paymentKey) => paymentKey.slice(0, paymentKey.lastIndexOf(':'));
/** One payment key for all epochs: an earlier epoch's key is the same key, so that there seems to be nothing to cancel. */
const oneKeyForAllEpochs = (payment) => {
    const charged = new Map();
    return {
        ...payment,
        charge: (paymentKey, order, call) => {
            charged.set(withoutEpoch(paymentKey), epochOf(paymentKey));
            return payment.charge(`${withoutEpoch(paymentKey)}:0`, order, call);
        },
        cancel: (paymentKey, call) => charged.get(withoutEpoch(paymentKey)) === epochOf(paymentKey)
            ? payment.cancel(`${withoutEpoch(paymentKey)}:0`, call)
            : Promise.resolve('cancelled'),
    };
};
const neverCancelling = (payment) => ({
    ...payment,
    cancel: () => Promise.resolve('cancelled'),
});
/** Each rule's absence; the rules are those of docs/adr/0003-recorded-decisions-and-epochs.md. */
exports.withoutRule = {
    'R2 decisions recorded': { stockConnection: forgettingDecisions },
    'R2 refusals recorded': { stockConnection: forgettingRefusals },
    'R3 epoch checked': { stockConnection: withoutEpochCheck },
    'R4 run id gate': { stockConnection: reconnecting },
    'R5 fence in the log': { codec: neverVoid },
    'R6 check after the acknowledgement': {
        handlerFence: fenceByStoreOnly,
        stockConnection: neverStaleAtEmission,
    },
    'R6 check in the log': { handlerFence: fenceByStoreOnly },
    'R7 commit last': { commitsFirst: true },
    'R8 charges by epoch': { payment: oneKeyForAllEpochs },
    'R8 cancel is done': { payment: neverCancelling },
    'R9 settle once': { stockConnection: settlingTwice },
    'R10 expiry after emission': { stockConnection: expiringAtSettlement },
    'R11 horizon': { memory: () => ({ horizonMs: Infinity, recordTtlMs: 30 }) },
    'R11 forgotten keys': { stockConnection: neverMissingAnything },
    'R12 rebuild on every restart': { stockConnection: trustingRestarts },
    'sales as of the order': {
        sales: (sales) => ({ ...sales, isOff: (itemId) => sales.isOff(itemId, Infinity) }),
    },
    'sales caught up': { sales: (sales) => ({ ...sales, catchUp: () => Promise.resolve() }) },
};
const rulesWithout = (rule) => rule === undefined ? exports.allRules : { ...exports.allRules, ...exports.withoutRule[rule] };
exports.rulesWithout = rulesWithout;
//# sourceMappingURL=rules-off.js.map