"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.sell = exports.handledBy = void 0;
const deadline_1 = require("../../chassis/deadline");
/** How many records a saga has handled so far. @throws while it does not answer. */
const handledBy = async ({ url }) => {
    const answer = await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(5_000) });
    return Number(/^saga_records_total\S* (\d+)/m.exec(await answer.text())?.[1] ?? 0);
};
exports.handledBy = handledBy;
const ticksPerSecond = 10;
/** What a busy broker does not acknowledge was promised to nobody, as with a 503; the judge still judges what it holds. */
const isTaken = (append) => append.then(() => true, () => false);
/**
 * Ninety buyers of one scarce item, for one or two units an order, until the signal aborts. The keys of what the log
 * acknowledged are added to `placed`.
 */
const sell = async (sale, load, placed, signal) => {
    const startedAtMs = Date.now();
    for (let tick = 0; !signal.aborted; tick += 1) {
        if (tick % ticksPerSecond === 0)
            await isTaken(sale.stock(load.itemId, load.unitsPerSecond));
        const orders = Array.from({ length: load.ordersPerSecond / ticksPerSecond }, (_, index) => ({
            key: `order-${tick}-${index}`,
            itemId: load.itemId,
            userId: `user-${(tick * 7 + index) % 90}`,
            amount: 1 + (index % 3 === 0 ? 1 : 0),
        }));
        if (await isTaken(sale.buy(...orders)))
            placed.push(...orders.map(({ key }) => key));
        await (0, deadline_1.pause)(startedAtMs + ((tick + 1) * 1_000) / ticksPerSecond - Date.now(), signal);
    }
};
exports.sell = sell;
//# sourceMappingURL=saga-load.js.map