"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.drawScenario = exports.scarceItem = void 0;
const topics_1 = require("../../schemas/topics");
const ordersCount = 8;
exports.scarceItem = 'scarce';
const plentyItem = 'plenty';
const recordOf = (codec, topic, key, event) => ({
    topic,
    key,
    value: codec.encode(topic, event),
});
const poison = Buffer.from('not an event');
const drawOrder = (random, index) => ({
    type: 'OrderRequested',
    request_id: `r${index}`,
    user_id: `u${random.integer(4)}`,
    item_id: random.chance(0.85) ? exports.scarceItem : plentyItem,
    amount: random.chance(0.8) ? 1 : 2,
    requested_at: 1,
    sales_channel: null,
});
/** An order, and what else may turn up under its key. */
const drawRequests = (codec, random, index) => {
    const topic = topics_1.topics.orderRequests.name;
    const order = drawOrder(random, index);
    const record = recordOf(codec, topic, order.request_id, order);
    const other = recordOf(codec, topic, order.request_id, { ...order, amount: order.amount + 1 });
    const bad = { topic, key: order.request_id, value: poison };
    return [
        ...(random.chance(0.05) ? [bad] : []),
        record,
        ...(random.chance(0.2) ? [record] : []),
        ...(random.chance(0.08) ? [other] : []),
        ...(random.chance(0.04) ? [bad] : []),
    ];
};
const drawScenario = (codec, random, steps) => {
    const stocked = 1 + random.integer(4);
    const unitsMax = random.chance(0.3) ? 1 + random.integer(2) : null;
    const adjust = (commandId, itemId, delta) => recordOf(codec, topics_1.topics.stockAdjustments.name, itemId, {
        type: 'StockAdjusted',
        item_id: itemId,
        delta,
        reason: 'simulation',
        command_id: commandId,
        actor: 'simulation',
        adjusted_at: 1,
        expected_version: null,
    });
    const limit = recordOf(codec, topics_1.topics.stockAdjustments.name, exports.scarceItem, {
        type: 'BuyerLimitSet',
        item_id: exports.scarceItem,
        units_max: unitsMax,
        command_id: 'limit',
        actor: 'simulation',
        set_at: 1,
        reason: null,
    });
    const sale = (version, mode) => recordOf(codec, topics_1.topics.stockAdjustments.name, exports.scarceItem, {
        type: 'SaleChanged',
        item_id: exports.scarceItem,
        action: 'OTHER',
        mode,
        opens_at: null,
        closes_at: null,
        expected_version: version,
        reason: null,
        command_id: `sale-${version}-${mode}`,
        actor: 'simulation',
        changed_at: 1,
    });
    /** The last one is overtaken: two operators at once. */
    const sales = random.chance(0.5)
        ? [sale(0, 'PAUSED'), sale(1, 'OPEN'), sale(2, random.chance(0.5) ? 'CLOSED' : 'OPEN'), sale(2, 'PAUSED')]
        : [];
    const late = (record) => ({ atStep: random.integer(steps), record });
    const orders = Array.from({ length: ordersCount }, (_, index) => drawRequests(codec, random, index));
    const inOrder = (records) => {
        const at = records.map(() => random.integer(steps)).sort((a, b) => a - b);
        return records.map((record, index) => ({ atStep: at[index] ?? 0, record }));
    };
    const keyless = { topic: topics_1.topics.orderRequests.name, key: null, value: poison };
    const during = [
        ...orders.flatMap(inOrder),
        ...inOrder(sales),
        late(adjust('plenty', plentyItem, 20)),
        ...(random.chance(0.4) ? [late(adjust('more', exports.scarceItem, 1)), late(adjust('more', exports.scarceItem, 1))] : []),
        ...(random.chance(0.05) ? [late(keyless)] : []),
    ];
    return {
        before: [adjust('seed', exports.scarceItem, stocked), limit, adjust('seed', exports.scarceItem, stocked)],
        during: during.sort((a, b) => a.atStep - b.atStep),
    };
};
exports.drawScenario = drawScenario;
//# sourceMappingURL=scenario.js.map