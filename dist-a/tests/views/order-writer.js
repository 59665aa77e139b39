"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.writeOrders = void 0;
const deadline_1 = require("../../chassis/deadline");
const partitioner_1 = require("../../chassis/kafka/partitioner");
const event_id_1 = require("../../schemas/event-id");
const new_record_1 = require("../../schemas/new-record");
const partitions = 8;
const batchOrders = 10;
const eventsOf = (prefix, number) => {
    const order = {
        request_id: `${prefix}-${number}`,
        user_id: `${prefix}-user-${number % 20}`,
        item_id: `${prefix}-item-${number % 3}`,
        amount: 1 + (number % 3),
    };
    const common = { ...order, epoch: 1_000_000 };
    const requested = [
        'order-requests',
        { type: 'OrderRequested', ...order, requested_at: Date.now(), sales_channel: null },
    ];
    const completed = [
        'order-outcomes',
        { type: 'OrderCompleted', ...common, payment_id: 'p', completed_at: Date.now() },
    ];
    const failed = [
        'order-outcomes',
        { type: 'OrderFailed', ...common, reason: 'SOLD_OUT', failed_at: Date.now(), detail: null },
    ];
    // Of seven orders one has its outcome written twice, one a second outcome that contradicts, one none.
    switch (number % 7) {
        case 0:
            return [requested, completed, completed];
        case 1:
            return [requested, failed, completed];
        case 2:
            return [requested];
        case 3:
            return [requested, requested, failed];
        default:
            return [requested, completed];
    }
};
/** Writes orders to the real log as producers that retry do: copies, contradictions and open ends among them. */
const writeOrders = async (options) => {
    const { producer, codec, prefix, orders, pauseMs, signal } = options;
    for (let from = 0; from < orders && signal?.aborted !== true; from += batchOrders) {
        const records = [];
        for (let number = from; number < from + batchOrders; number += 1) {
            for (const [topic, event] of eventsOf(prefix, number)) {
                const key = `${prefix}-${number}`;
                records.push((0, new_record_1.toRecord)(codec, { topic, partition: (0, partitioner_1.partitionOf)(key, partitions) }, event, {
                    event_id: (0, event_id_1.eventIdOf)(event),
                    correlation_id: key,
                    causation_id: key,
                    source: 'test',
                }));
            }
        }
        for (const outcome of await producer.sendAll(records))
            if (outcome.kind !== 'acked')
                throw outcome.error;
        await (0, deadline_1.pause)(pauseMs);
    }
};
exports.writeOrders = writeOrders;
//# sourceMappingURL=order-writer.js.map