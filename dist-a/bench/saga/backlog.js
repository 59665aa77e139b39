"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.writeBacklog = exports.produceAll = exports.recordOf = exports.requestOf = exports.unitsOf = exports.itemOf = void 0;
const event_id_1 = require("../../schemas/event-id");
const new_record_1 = require("../../schemas/new-record");
const topics_1 = require("../../schemas/topics");
const itemOf = ({ name, items }, index) => `${name}-item-${index % items}`;
exports.itemOf = itemOf;
const unitsOf = ({ orders, items, stockedShare }) => Math.floor((orders / items) * stockedShare);
exports.unitsOf = unitsOf;
/** As the command API makes them: a key that the client chose, headers with ids. */
const requestOf = (sale, index) => ({
    type: 'OrderRequested',
    request_id: `${sale.name}-${index.toString(36)}-${((index * 2_654_435_761) % 4_294_967_296).toString(16)}`,
    user_id: `user-${index}`,
    item_id: (0, exports.itemOf)(sale, index),
    amount: 1,
    requested_at: 1_700_000_000_000 + index,
    sales_channel: null,
});
exports.requestOf = requestOf;
const stockOf = (sale, index) => ({
    type: 'StockAdjusted',
    item_id: (0, exports.itemOf)(sale, index),
    delta: (0, exports.unitsOf)(sale),
    reason: 'bench',
    command_id: `${sale.name}-stock-${index}`,
    actor: 'bench',
    adjusted_at: 1_700_000_000_000,
    expected_version: null,
});
const recordOf = (codec, topic, event) => {
    const id = (0, event_id_1.eventIdOf)(event);
    return (0, new_record_1.toRecord)(codec, topic, event, {
        event_id: id,
        correlation_id: id,
        causation_id: id,
        source: 'bench',
    });
};
exports.recordOf = recordOf;
const chunk = 10_000;
/** Sends records that are made as they are needed. @throws when one is not acknowledged. */
const produceAll = async (producer, count, recordAt) => {
    for (let from = 0; from < count; from += chunk) {
        const length = Math.min(chunk, count - from);
        const records = Array.from({ length }, (_, index) => recordAt(from + index));
        const outcomes = await producer.sendAll(records);
        if (outcomes.some(({ kind }) => kind !== 'acked'))
            throw new Error('a record was not acknowledged');
    }
};
exports.produceAll = produceAll;
/** Stocks the items of a sale and writes all its orders. */
const writeBacklog = async (producer, codec, sale) => {
    await (0, exports.produceAll)(producer, sale.items, (index) => (0, exports.recordOf)(codec, topics_1.topics.stockAdjustments.name, stockOf(sale, index)));
    await (0, exports.produceAll)(producer, sale.orders, (index) => (0, exports.recordOf)(codec, topics_1.topics.orderRequests.name, (0, exports.requestOf)(sale, index)));
};
exports.writeBacklog = writeBacklog;
//# sourceMappingURL=backlog.js.map