"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.createOwnOrdersWriter = exports.writeSharedOrders = void 0;
const order_store_1 = require("./order-store");
const order_view_1 = require("./order-view");
/**
 * For tables that others may write at the same time: two projectors lock each other out unless both write rows in the
 * order of their keys, in one statement.
 */
const writeSharedOrders = async (client, schema, changes, setAside) => {
    const after = await (0, order_store_1.upsertOrders)(client, schema, changes);
    return changes.flatMap((change) => (0, order_view_1.settleOrder)(change, after.get(change.request_id), setAside) ?? []);
};
exports.writeSharedOrders = writeSharedOrders;
/** Below this, a savepoint costs more than COPY saves. */
const copyMinDefault = 100;
/** After orders that were thought new and were not, this many batches are not copied: they are likely the same. */
const pauseDefault = 20;
/**
 * For tables that nobody else writes, as a rebuild's are. Orders whose request is in the batch are mostly new and are
 * copied; the rows of the others are mostly there. When one of the new ones was there, all are written with care.
 */
const createOwnOrdersWriter = (copyMin = copyMinDefault, pause = pauseDefault) => {
    let pauseLeft = 0;
    return async (client, schema, changes, setAside) => {
        const fresh = changes.filter(({ request }) => request !== undefined);
        if (fresh.length < copyMin || pauseLeft > 0) {
            pauseLeft = Math.max(0, pauseLeft - 1);
            return (0, exports.writeSharedOrders)(client, schema, changes, setAside);
        }
        if (!(await (0, order_store_1.copyNewOrders)(client, schema, fresh))) {
            pauseLeft = pause;
            return (0, exports.writeSharedOrders)(client, schema, changes, setAside);
        }
        const others = changes.filter(({ request }) => request === undefined);
        return [...fresh.map(order_view_1.moveOfNew), ...(await (0, exports.writeSharedOrders)(client, schema, others, setAside))];
    };
};
exports.createOwnOrdersWriter = createOwnOrdersWriter;
//# sourceMappingURL=write-orders.js.map