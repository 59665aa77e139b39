"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.pressSteadily = void 0;
const node_crypto_1 = require("node:crypto");
const deadline_1 = require("../../chassis/deadline");
const tickMs = 10;
/**
 * Presses at a steady rate for `seconds`, whether or not the presses before are answered; every buyer then waits for the
 * end of the order, as a shop front does. Buyers differ, so that no one's limit is reached.
 */
const pressSteadily = async (clients, load) => {
    const counts = { accepted: 0, refused: 0, decided: 0, broken: 0 };
    const buy = async () => {
        const id = (0, node_crypto_1.randomUUID)();
        const body = { user_id: `u-${id.slice(0, 8)}`, item_id: load.itemId, amount: 1, request_id: id };
        const { status } = await clients.commands.post('/commands/buy', body);
        if (status !== 202) {
            counts.refused += 1;
            return;
        }
        counts.accepted += 1;
        const order = await clients.queries.get(`/orders/${id}?wait=30s`);
        if (order.body['status'] !== 'PENDING')
            counts.decided += 1;
    };
    const startedAtMs = performance.now();
    const all = [];
    for (;;) {
        const elapsedMs = performance.now() - startedAtMs;
        if (elapsedMs >= load.seconds * 1_000)
            break;
        const due = Math.floor((elapsedMs / 1_000) * load.ratePerSecond);
        while (all.length < due)
            all.push(buy().catch(() => void (counts.broken += 1)));
        await (0, deadline_1.pause)(tickMs);
    }
    await Promise.all(all);
    return counts;
};
exports.pressSteadily = pressSteadily;
//# sourceMappingURL=steady-buyers.js.map