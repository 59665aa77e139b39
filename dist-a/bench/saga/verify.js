"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.verifySale = exports.watchStock = void 0;
const deadline_1 = require("../../chassis/deadline");
const log_1 = require("../../chassis/log");
const connect_stock_1 = require("../../saga/stock/connect-stock");
const topics_1 = require("../../schemas/topics");
const backlog_1 = require("./backlog");
const saga_process_1 = require("./saga-process");
const sound = ({ total, available, reserved, sold }) => available >= 0 && reserved >= 0 && sold >= 0 && available + reserved + sold === total;
/** Looks at the stock of all items while the saga works. `stop` gives how often, and throws when it was ever wrong. */
const watchStock = (servers) => {
    let isOver = false;
    let looks = 0;
    const wrong = [];
    const look = async () => {
        const connection = await (0, connect_stock_1.createStockConnector)(servers.redis.url, saga_process_1.saleId, log_1.silentLog).connect();
        while (!isOver) {
            const current = await connection.current();
            const items = current?.open === true ? await connection.audit(current.epoch) : 'stale';
            if (items !== 'stale') {
                looks += 1;
                wrong.push(...items.filter((item) => !sound(item)).map((item) => JSON.stringify(item)));
            }
            await (0, deadline_1.pause)(200);
        }
        connection.disconnect();
    };
    const looking = look();
    return {
        stop: async () => {
            isOver = true;
            await looking;
            if (wrong.length > 0)
                throw new Error(`stock was wrong: ${wrong.slice(0, 3).join(' ')}`);
            return looks;
        },
    };
};
exports.watchStock = watchStock;
/** Reads what the log says of a sale. @throws unless every order has one outcome and all that was stocked is sold. */
const verifySale = async (servers, sale) => {
    const items = new Map();
    const seen = new Set();
    let repeats = 0;
    await servers.reader.read({
        topic: topics_1.topics.orderOutcomes.name,
        onRecords: (records) => {
            for (const { value } of records) {
                const decoded = servers.codec.decode(topics_1.topics.orderOutcomes.name, value);
                if (decoded.kind !== 'event')
                    throw new Error('an outcome cannot be read');
                const { event } = decoded;
                if (event.type !== 'OrderCompleted' && event.type !== 'OrderFailed')
                    continue;
                if (!event.request_id.startsWith(`${sale.name}-`))
                    continue;
                if (seen.has(event.request_id)) {
                    repeats += 1;
                    continue;
                }
                seen.add(event.request_id);
                const itemId = event.item_id ?? '';
                const count = items.get(itemId) ?? { completed: 0, failed: 0 };
                items.set(itemId, count);
                if (event.type === 'OrderCompleted')
                    count.completed += 1;
                else if (event.reason === 'SOLD_OUT')
                    count.failed += 1;
                else
                    throw new Error(`an order failed for ${event.reason}`);
            }
        },
    });
    if (seen.size !== sale.orders || repeats > 0) {
        throw new Error(`${seen.size} of ${sale.orders} orders have an outcome, ${repeats} have another`);
    }
    for (let index = 0; index < sale.items; index += 1) {
        const { completed = 0 } = items.get((0, backlog_1.itemOf)(sale, index)) ?? {};
        if (completed !== (0, backlog_1.unitsOf)(sale))
            throw new Error(`${completed} sold of ${(0, backlog_1.unitsOf)(sale)} in stock`);
    }
};
exports.verifySale = verifySale;
//# sourceMappingURL=verify.js.map