"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.findAccepted = void 0;
const deadline_1 = require("../chassis/deadline");
const accepted_order_1 = require("../schemas/accepted-order");
/** What is not there in this time is treated as away: the log itself can answer as well, only slower. */
const answerWithinMs = 250;
const parse = (json, key) => {
    try {
        const found = JSON.parse(json);
        return found.request_id === key && found.position !== undefined ? found : 'none';
    }
    catch {
        return 'none';
    }
};
/** What the command API remembers of an order, for as long as Redis keeps it. Never rejects. */
const findAccepted = async (redis, saleId, key) => {
    if (redis.status !== 'ready')
        return 'unavailable';
    try {
        const record = await (0, deadline_1.withDeadline)(redis.get((0, accepted_order_1.acceptedOrderKey)(saleId, key)), answerWithinMs, 'the accepted order');
        const json = record === null ? undefined : (0, accepted_order_1.acceptedAnswerIn)(record);
        return json === undefined ? 'none' : parse(json, key);
    }
    catch {
        return 'unavailable';
    }
};
exports.findAccepted = findAccepted;
//# sourceMappingURL=accepted-orders.js.map