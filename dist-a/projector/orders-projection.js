"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.createOrdersProjection = void 0;
const today_1 = require("../migrations/views/today");
const batch_1 = require("./batch");
const item_view_1 = require("./item-view");
const order_counters_1 = require("./order-counters");
const order_view_1 = require("./order-view");
const read_records_1 = require("./read-records");
const write_orders_1 = require("./write-orders");
const view_topics_1 = require("./view-topics");
const orderFacts = new Set([
    'OrderRequested',
    'OrderCompleted',
    'OrderFailed',
    'EpochStarted',
]);
const isOrderFact = (logged) => orderFacts.has(logged.event.type);
const writeOrders = async (client, schema, fold, write) => {
    const setAside = [...fold.setAside];
    const moves = await write(client, schema, [...fold.changes.values()], setAside);
    const counts = (0, item_view_1.emptyCounts)();
    const decided = [];
    for (const move of moves) {
        (0, item_view_1.countMove)(counts, move);
        if (move.outcome)
            decided.push(move.outcome.request_id);
    }
    await (0, order_counters_1.addCounts)(client, schema, counts);
    await (0, order_counters_1.insertSetAside)(client, schema, setAside);
    return { decided, setAside: setAside.length };
};
/** Orders, what was set aside, items' sales and totals over time: all that follows from requests and outcomes. */
const createOrdersProjection = (codec, report, writeOwnOrders = (0, write_orders_1.createOwnOrdersWriter)()) => {
    return {
        view: 'orders',
        version: today_1.viewsToday.orders.version,
        offsetsTable: today_1.viewsToday.orders.tables[0],
        topics: view_topics_1.viewTopics.orders,
        read: async (records) => {
            const { events, undecodable } = await (0, read_records_1.readRecords)(codec, records);
            await report(undecodable);
            return (0, batch_1.toReading)(records, events.filter(isOrderFact), undecodable.map(({ record }) => record.offset));
        },
        fold: (pieces) => {
            const orders = (0, order_view_1.emptyFold)();
            const moves = pieces.map((piece) => {
                let fence = piece.cursor;
                for (const logged of piece.facts)
                    fence = (0, order_view_1.foldOrderEvent)(orders, fence, logged);
                return (0, batch_1.moveOf)(piece, fence);
            });
            return {
                moves,
                write: (client, schema) => writeOrders(client, schema, orders, schema === 'views' ? write_orders_1.writeSharedOrders : writeOwnOrders),
            };
        },
    };
};
exports.createOrdersProjection = createOrdersProjection;
//# sourceMappingURL=orders-projection.js.map