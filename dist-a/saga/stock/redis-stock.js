"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.createRedisStock = exports.batchMax = void 0;
const log_1 = require("../../chassis/kafka/log");
const keys_1 = require("./keys");
const record_1 = require("./record");
const replies_1 = require("./replies");
const scripts_1 = require("./scripts");
/** Beyond this a script would block the server for long, and Lua's `unpack` ends near 4,000 pairs. */
exports.batchMax = 1_000;
const scanCount = 1_000;
const keyOfRecord = ({ record }) => record.state === 'FAILED' ? record.key : record.order.key;
const changeArgs = ({ offset, change }) => {
    switch (change.kind) {
        case 'skip':
            return [offset, 'X', '', '', ''];
        case 'stock':
            return [offset, 'S', change.commandId, change.itemId, change.delta];
        case 'limit':
            return [offset, 'L', change.commandId, change.itemId, change.unitsMax ?? ''];
    }
};
/** Items get a place in the batch, so that a hot item's key travels once. */
class Places {
    keys = [];
    known = new Map();
    keyOf;
    constructor(keyOf) {
        this.keyOf = keyOf;
    }
    of(itemId) {
        const known = this.known.get(itemId);
        if (known !== undefined)
            return known;
        const place = this.keys.push(this.keyOf(itemId));
        this.known.set(itemId, place);
        return place;
    }
}
const wrapped = (cause) => new log_1.InfrastructureError(`Redis: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
/** One connection's words in Redis; `redis` must never reconnect (see connect-stock.ts). */
const createRedisStock = (redis, options) => {
    const { saleId, scripts, recordsDetail } = options;
    const keys = (0, keys_1.keysOf)(saleId);
    const runScript = (0, scripts_1.scriptRunner)(redis, scripts);
    const script = async (name, scriptKeys, args) => {
        try {
            return await runScript(name, scriptKeys, args);
        }
        catch (error) {
            throw wrapped(error);
        }
    };
    const plain = async (work) => {
        try {
            return await work();
        }
        catch (error) {
            throw wrapped(error);
        }
    };
    const closed = new Promise((resolve) => {
        redis.once('end', () => resolve());
    });
    return {
        closed,
        disconnect: () => redis.disconnect(),
        serverRunId: () => plain(async () => {
            const runId = /^run_id:(\w+)/m.exec(await redis.info('server'))?.[1];
            if (runId === undefined)
                throw new Error('INFO server names no run_id');
            return runId;
        }),
        current: () => plain(() => readCurrent(redis, keys)),
        ...orderScripts(script, keys, recordsDetail),
        ...stockScripts(script, keys, recordsDetail),
        adjusted: (epoch) => plain(async () => {
            const fields = await redis.hgetall(keys.adjusted(epoch));
            return new Map(Object.entries(fields).map(([partition, next]) => [Number(partition), Number(next)]));
        }),
        audit: async (epoch) => {
            const itemIds = await plain(() => redis.smembers(keys.items(epoch)));
            const stockKeys = itemIds.map((itemId) => keys.stock(epoch, itemId));
            const reply = await script('audit', [keys.current, ...stockKeys], [epoch]);
            if ((0, replies_1.isStale)(reply))
                return 'stale';
            return reply.map((fields, index) => (0, replies_1.parseItem)(itemIds[index] ?? '', fields));
        },
        sweep: (epoch) => plain(() => sweepOlder(redis, saleId, epoch)),
        lease: async (holder, forMs) => (await script('lease', [keys.lease], [holder, forMs])) === 1,
    };
};
exports.createRedisStock = createRedisStock;
const readCurrent = async (redis, keys) => {
    const [epoch, open, runId, epochs] = await redis.hmget(keys.current, 'epoch', 'open', 'run_id', 'epochs');
    if (typeof epoch !== 'string')
        return undefined;
    const startedEpochs = JSON.parse(epochs ?? '[]').map(([started, startedAtMs]) => ({ epoch: started, startedAtMs }));
    return { epoch: Number(epoch), open: open === '1', runId: runId ?? '', startedEpochs };
};
const sweepOlder = async (redis, saleId, epoch) => {
    const generation = new RegExp(`^\\{${saleId}\\}:e(\\d+):`);
    let cursor = '0';
    do {
        const [next, found] = await redis.scan(cursor, 'MATCH', `{${saleId}}:e*`, 'COUNT', scanCount);
        cursor = next;
        const old = found.filter((key) => Number(generation.exec(key)?.[1] ?? Infinity) < epoch);
        if (old.length > 0)
            await redis.unlink(...old);
    } while (cursor !== '0');
};
/** The keys of a script that works on orders: cur, the items' stock, then for each order its record and its buyer's units. */
class OrderKeys {
    keys;
    epoch;
    pairs = [];
    constructor(keys, epoch) {
        this.keys = keys;
        this.epoch = epoch;
    }
    /** Poison has no buyer; its own record stands in, which the script does not touch as one. */
    add(key, order) {
        const record = this.keys.order(this.epoch, key);
        this.pairs.push(record, order ? this.keys.buyer(this.epoch, order) : record);
    }
    all(places) {
        return [this.keys.current].concat(places.keys, this.pairs);
    }
}
/** What is known of the item beside its stock; off sale comes first. */
const itemFlag = ({ isOffSale, stockIsCurrent }) => {
    if (isOffSale)
        return 2;
    return stockIsCurrent ? 1 : 0;
};
const decideText = (places, request) => {
    const { order, appendedAtMs, absentThroughMs } = request;
    const place = order ? places.of(order.itemId) : 0;
    return `${place}|${appendedAtMs}|${absentThroughMs}|${itemFlag(request)}|${(0, record_1.payloadText)(order)}`;
};
const settleText = (places, { order, outcome }, recordsDetail) => {
    const place = places.of(order.itemId);
    if (outcome.state === 'COMPLETED')
        return `${place}|C|${outcome.paymentId}`;
    return `${place}|F|${(0, record_1.refusalText)(outcome.reason, outcome.detail, recordsDetail)}`;
};
const orderScripts = (script, keys, recordsDetail) => ({
    decide: async (epoch, requests, memory) => {
        const places = new Places((itemId) => keys.stock(epoch, itemId));
        const orderKeys = new OrderKeys(keys, epoch);
        const texts = requests.map((request) => {
            orderKeys.add(request.key, request.order);
            return decideText(places, request);
        });
        const head = [epoch, memory.horizonMs, places.keys.length, recordsDetail ? 1 : 0];
        const reply = await script('decide', orderKeys.all(places), head.concat(texts));
        if ((0, replies_1.isStale)(reply))
            return 'stale';
        const answers = reply;
        return requests.map((request, index) => (0, replies_1.parseDecision)(request, answers[index] ?? ''));
    },
    settle: async (epoch, requests) => {
        const places = new Places((itemId) => keys.stock(epoch, itemId));
        const orderKeys = new OrderKeys(keys, epoch);
        const texts = requests.map((request) => {
            orderKeys.add(request.order.key, request.order);
            return settleText(places, request, recordsDetail);
        });
        const head = [epoch, places.keys.length];
        const reply = await script('settle', orderKeys.all(places), head.concat(texts));
        if ((0, replies_1.isStale)(reply))
            return 'stale';
        const answers = reply;
        return requests.map((request, index) => (0, replies_1.parseSettled)(request, answers[index] ?? ''));
    },
    emitted: async (epoch, orderKeys, recordTtlMs) => {
        const records = orderKeys.map((key) => keys.order(epoch, key));
        const reply = await script('emitted', [keys.current].concat(records), [epoch, recordTtlMs]);
        return (0, replies_1.isStale)(reply) ? 'stale' : 'marked';
    },
});
const loaded = (reply) => ((0, replies_1.isStale)(reply) ? 'stale' : 'loaded');
const stockScripts = (script, keys, recordsDetail) => ({
    adjust: async (epoch, partition, adjustments) => {
        const stockKeys = adjustments.map(({ change }) => change.kind === 'skip' ? keys.current : keys.stock(epoch, change.itemId));
        const reply = await script('adjust', [keys.current, keys.adjusted(epoch), keys.commands(epoch), keys.items(epoch), ...stockKeys], [epoch, partition, ...adjustments.flatMap(changeArgs)]);
        if ((0, replies_1.isStale)(reply))
            return 'stale';
        const [answer, next] = reply;
        return { kind: answer === 'GAP' ? 'gap' : 'applied', next };
    },
    close: async (epoch, runId) => (await script('close', [keys.current], [epoch, runId])) === 1,
    loadItems: async (epoch, items, buyers) => {
        const stockKeys = items.map(({ itemId }) => keys.stock(epoch, itemId));
        const buyerKeys = buyers.map((buyer) => keys.buyer(epoch, buyer));
        const fields = items.flatMap((item) => [
            item.itemId,
            item.total,
            item.available,
            item.reserved,
            item.sold,
            item.unitsMax ?? '',
        ]);
        const units = buyers.map((buyer) => buyer.units);
        const scriptKeys = [keys.current, keys.items(epoch), ...stockKeys, ...buyerKeys];
        return loaded(await script('load_items', scriptKeys, [epoch, items.length, ...fields, ...units]));
    },
    loadCommandIds: async (epoch, commandIds) => loaded(await script('load_commands', [keys.current, keys.commands(epoch)], [epoch, ...commandIds])),
    loadOrders: async (epoch, orders) => {
        const records = orders.map((kept) => keys.order(epoch, keyOfRecord(kept)));
        const args = orders.flatMap(({ record, keepForMs }) => [
            (0, record_1.recordText)(record, recordsDetail),
            keepForMs ?? '',
        ]);
        return loaded(await script('load_orders', [keys.current, ...records], [epoch, ...args]));
    },
    open: async (epoch, runId, { adjusted, startedEpochs, rememberedSinceMs }) => {
        const epochs = JSON.stringify(startedEpochs.map((started) => [started.epoch, started.startedAtMs]));
        const args = [epoch, runId, rememberedSinceMs, epochs, ...[...adjusted].flat()];
        return (await script('open', [keys.current, keys.adjusted(epoch)], args)) === 1;
    },
});
//# sourceMappingURL=redis-stock.js.map