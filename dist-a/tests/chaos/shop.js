"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.createShop = void 0;
const deadline_1 = require("../../chassis/deadline");
const itemsCount = 8;
const unitsAnOrder = 2;
const restockEveryMs = 3_000;
const timeoutMs = 6_000;
const createShop = (options) => {
    const { system, history, random, prefix } = options;
    const items = Array.from({ length: itemsCount }, (_, index) => `${prefix}-item${index}`);
    const closing = new AbortController();
    let restocking = Promise.resolve();
    let commands = 0;
    const send = (op, path, body) => {
        const apis = system.instances('command-api').filter((one) => one.isUp);
        const api = random.pick(apis.length > 0 ? apis : system.instances('command-api'));
        return history.record({
            op,
            key: String(body['command_id']),
            process: 'operator',
            request: {
                method: 'POST',
                url: `${api.url}/commands/${path}`,
                body,
                headers: { Authorization: `Bearer ${system.adminToken}` },
                timeoutMs,
            },
        });
    };
    /** The same command_id until it is taken: the second one takes no effect. */
    const command = async (op, path, body, attemptsMax = 5) => {
        commands += 1;
        const named = { ...body, command_id: `${prefix}-c${commands}` };
        for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
            const { outcome } = await send(op, path, named);
            if (outcome === 'ok')
                return true;
            await (0, deadline_1.pause)(500, closing.signal);
        }
        return false;
    };
    const adjust = (itemId, delta, attemptsMax) => command('adjust', 'adjust-stock', { item_id: itemId, delta, reason: 'the sale' }, attemptsMax);
    const limit = (itemId, unitsMax) => command('limit', 'set-buyer-limit', { item_id: itemId, units_max: unitsMax });
    /** From a tenth of what is wanted to more than enough. */
    const stockOf = (index) => {
        const wanted = (options.ordersExpected / itemsCount) * unitsAnOrder;
        return Math.max(1, Math.round(wanted * (0.1 + (index / (itemsCount - 1)) * 1.2)));
    };
    return {
        items,
        open: async () => {
            const limited = await limit(items.at(-1) ?? '', 4);
            const stocked = await Promise.all(items.map((item, index) => adjust(item, stockOf(index))));
            if (!limited || stocked.includes(false))
                throw new Error('the shelves could not be filled');
        },
        restock: () => {
            restocking = (async () => {
                while (!closing.signal.aborted) {
                    await (0, deadline_1.pause)(restockEveryMs, closing.signal);
                    await adjust(random.pick(items), random.integer(1, 20), 3);
                }
            })();
        },
        addToAll: async (units) => {
            await Promise.all(items.map((item) => adjust(item, units)));
        },
        limitAll: async (unitsMax) => {
            await Promise.all(items.map((item) => limit(item, unitsMax)));
        },
        close: async () => {
            closing.abort();
            await restocking;
        },
    };
};
exports.createShop = createShop;
//# sourceMappingURL=shop.js.map