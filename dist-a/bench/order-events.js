"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.appendOrders = exports.append = exports.outcomeOf = exports.requestOf = exports.orderOf = exports.itemIdOf = exports.orderIdOf = exports.orderPartitions = void 0;
const partitioner_1 = require("../chassis/kafka/partitioner");
const event_id_1 = require("../schemas/event-id");
const new_record_1 = require("../schemas/new-record");
const topics_1 = require("../schemas/topics");
/** Orders as a sale writes them, numbered from 0: one request and one outcome each, three of four sold. */
exports.orderPartitions = 8;
const chunkOrders = 5_000;
/** Spread over the key space, as ids of buyers are. */
const orderIdOf = (number) => `order-${number.toString(36)}-${((number * 2_654_435_761) % 4_294_967_296).toString(16)}`;
exports.orderIdOf = orderIdOf;
const itemIdOf = (number) => `item-${number % 100}`;
exports.itemIdOf = itemIdOf;
const orderOf = (number) => ({
    request_id: (0, exports.orderIdOf)(number),
    user_id: `user-${number % 50_000}`,
    item_id: (0, exports.itemIdOf)(number),
    amount: 1 + (number % 3),
});
exports.orderOf = orderOf;
const recordOf = (codec, topic, key, event) => (0, new_record_1.toRecord)(codec, { topic, partition: (0, partitioner_1.partitionOf)(key, exports.orderPartitions) }, event, {
    event_id: (0, event_id_1.eventIdOf)(event),
    correlation_id: (0, event_id_1.eventIdOf)(event),
    causation_id: (0, event_id_1.eventIdOf)(event),
    source: 'bench',
});
const requestOf = (codec, number) => recordOf(codec, topics_1.topics.orderRequests.name, (0, exports.orderIdOf)(number), {
    type: 'OrderRequested',
    ...(0, exports.orderOf)(number),
    requested_at: Date.now(),
    sales_channel: null,
});
exports.requestOf = requestOf;
const outcomeOf = (codec, number) => {
    const order = { ...(0, exports.orderOf)(number), epoch: 0 };
    const outcome = number % 4 === 0
        ? { type: 'OrderFailed', ...order, reason: 'SOLD_OUT', failed_at: Date.now(), detail: null }
        : { type: 'OrderCompleted', ...order, payment_id: `pay-${number}`, completed_at: Date.now() };
    return recordOf(codec, topics_1.topics.orderOutcomes.name, (0, exports.orderIdOf)(number), outcome);
};
exports.outcomeOf = outcomeOf;
/** Returns where the records are, in their order. @throws when one was not acknowledged */
const append = async (producer, records) => {
    const outcomes = await producer.sendAll(records);
    return outcomes.map((outcome) => {
        if (outcome.kind !== 'acked')
            throw outcome.error;
        return outcome;
    });
};
exports.append = append;
/** Appends the decided orders 0 to `orders` - 1. @throws when a record was not acknowledged. */
const appendOrders = async (producer, codec, orders) => {
    for (let from = 0; from < orders; from += chunkOrders) {
        const records = [];
        for (let number = from; number < Math.min(orders, from + chunkOrders); number += 1) {
            records.push((0, exports.requestOf)(codec, number), (0, exports.outcomeOf)(codec, number));
        }
        await (0, exports.append)(producer, records);
    }
};
exports.appendOrders = appendOrders;
//# sourceMappingURL=order-events.js.map