"use strict";
var __importDefault = (this && this.__importDefault) || function (mod) {
    return (mod && mod.__esModule) ? mod : { "default": mod };
};
Object.defineProperty(exports, "__esModule", { value: true });
exports.writeLog = exports.arbitraryLog = void 0;
const fast_check_1 = __importDefault(require("fast-check"));
const written_log_1 = require("./written-log");
const order = fast_check_1.default.nat({ max: 7 });
const epoch = fast_check_1.default.nat({ max: 4 });
const partition = fast_check_1.default.nat({ max: 1 });
const written = fast_check_1.default.oneof({
    weight: 5,
    arbitrary: fast_check_1.default.record({
        kind: fast_check_1.default.constant('request'),
        order,
        amount: fast_check_1.default.integer({ min: 1, max: 3 }),
        item: fast_check_1.default.nat({ max: 1 }),
    }),
}, { weight: 4, arbitrary: fast_check_1.default.record({ kind: fast_check_1.default.constant('completed'), order, epoch }) }, { weight: 3, arbitrary: fast_check_1.default.record({ kind: fast_check_1.default.constant('failed'), order, epoch }) }, { weight: 1, arbitrary: fast_check_1.default.record({ kind: fast_check_1.default.constant('marker'), partition, epoch }) }, {
    weight: 1,
    arbitrary: fast_check_1.default.record({
        kind: fast_check_1.default.constant('poison'),
        partition,
        topic: fast_check_1.default.constantFrom('order-requests', 'order-outcomes'),
    }),
});
exports.arbitraryLog = fast_check_1.default.array(written, { maxLength: 60 });
/** Writes it all; an order's key decides its partition, as the producer's partitioner does. */
const writeLog = (all) => {
    const log = new written_log_1.WrittenLog();
    for (const one of all)
        writeOne(log, one);
    return log;
};
exports.writeLog = writeLog;
const writeOne = (log, one) => {
    switch (one.kind) {
        case 'marker':
            log.event('order-outcomes', one.partition, { type: 'EpochStarted', epoch: one.epoch, started_at: 1 });
            return;
        case 'poison':
            log.raw(one.topic, one.partition, {
                key: Buffer.from('poison'),
                value: Buffer.from('??'),
                headers: {},
            });
            return;
        case 'request':
        case 'completed':
        case 'failed':
            writeOrder(log, one);
    }
};
const writeOrder = (log, one) => {
    const id = `order-${one.order}`;
    const place = one.order % 2;
    const common = { request_id: id, user_id: `user-${one.order % 3}` };
    switch (one.kind) {
        case 'request': {
            const { amount, item } = one;
            const asked = { ...common, item_id: `item-${item}`, amount, requested_at: 1_000, sales_channel: null };
            log.event('order-requests', place, { type: 'OrderRequested', ...asked }, id);
            return;
        }
        case 'completed': {
            const sold = { ...common, item_id: 'item-0', amount: 2, epoch: one.epoch };
            const event = { type: 'OrderCompleted', ...sold, payment_id: 'p', completed_at: 2_000 };
            log.event('order-outcomes', place, event, id);
            return;
        }
        case 'failed': {
            const lost = { ...common, item_id: 'item-1', amount: 2, epoch: one.epoch, detail: null };
            const event = { type: 'OrderFailed', ...lost, reason: 'SOLD_OUT', failed_at: 2_000 };
            log.event('order-outcomes', place, event, id);
        }
    }
};
//# sourceMappingURL=arbitrary-log.js.map