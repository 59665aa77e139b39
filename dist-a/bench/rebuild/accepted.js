"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.rememberAccepted = void 0;
const accepted_order_1 = require("../../schemas/accepted-order");
const topics_1 = require("../../schemas/topics");
const order_events_1 = require("../order-events");
const saleId = 'sale';
const keepSeconds = 900;
/** Leaves in Redis what the command API leaves of orders it accepted: readers find them there until the view has them. */
const rememberAccepted = async (redis, appended) => {
    const pipeline = redis.pipeline();
    for (const { number, partition, offset } of appended) {
        const order = (0, order_events_1.orderOf)(number);
        const accepted = {
            ...order,
            correlation_id: order.request_id,
            requested_at: Date.now(),
            position: { topic: topics_1.topics.orderRequests.name, partition, offset },
        };
        const text = `bench\n${JSON.stringify(accepted)}`;
        pipeline.set((0, accepted_order_1.acceptedOrderKey)(saleId, order.request_id), text, 'EX', keepSeconds);
    }
    await pipeline.exec();
};
exports.rememberAccepted = rememberAccepted;
//# sourceMappingURL=accepted.js.map