"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.watchSale = void 0;
const node_crypto_1 = require("node:crypto");
const deadline_1 = require("../../chassis/deadline");
const shown_1 = require("./shown");
/** Longer than the sale on a machine that is very busy. */
const endsWithinMs = 40_000;
/** Refusals are watched too: buyers go on for this many samples after the last unit is sold. */
const samplesAfter = 4;
/** Buyers who press from before the opening until the signal aborts, each for one to three units. */
const press = async (commands, { itemId, perSecond, signal, }) => {
    const pressed = [];
    for (let index = 0; !signal.aborted; index += 1) {
        const body = {
            user_id: `buyer-${index}`,
            item_id: itemId,
            amount: 1 + (index % 3),
            request_id: (0, node_crypto_1.randomUUID)(),
        };
        pressed.push(commands.post('/commands/buy', body));
        await (0, deadline_1.pause)(1_000 / perSecond, signal);
    }
    await Promise.all(pressed);
};
const isSoldOut = ({ item }) => item.left === 0;
const isOver = (shown) => isSoldOut(shown) && shown.open === 0;
/** Lets buyers press and reads the page again and again, until everything is sold and everybody has an answer. */
const watchSale = async (sale) => {
    const { page, itemId, everyMs } = sale;
    const stopping = new AbortController();
    const pressing = press(sale.commands, { ...sale, signal: stopping.signal });
    const samples = [];
    const endsAtMs = performance.now() + endsWithinMs;
    try {
        for (let after = 0; performance.now() < endsAtMs;) {
            const shown = await (0, shown_1.readShown)(page, itemId);
            if (shown)
                samples.push(shown);
            if (shown && isSoldOut(shown))
                after += 1;
            if (after > samplesAfter)
                stopping.abort();
            if (shown && stopping.signal.aborted && isOver(shown))
                break;
            await (0, deadline_1.pause)(everyMs);
        }
    }
    finally {
        stopping.abort();
        await pressing;
    }
    return samples;
};
exports.watchSale = watchSale;
//# sourceMappingURL=watch-sale.js.map