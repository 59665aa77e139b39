"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.keysOf = void 0;
const stock_keys_1 = require("../../schemas/stock-keys");
const keysOf = (saleId) => {
    const sale = `{${saleId}}`;
    /** A chunk of orders asks for the same one a thousand times. */
    let last = { epoch: -1, prefix: '' };
    const generation = (epoch) => {
        if (last.epoch !== epoch)
            last = { epoch, prefix: (0, stock_keys_1.generationPrefix)(saleId, epoch) };
        return last.prefix;
    };
    return {
        current: (0, stock_keys_1.currentKey)(saleId),
        lease: `${sale}:reconciler`,
        generation,
        adjusted: (epoch) => `${generation(epoch)}adjusted`,
        commands: (epoch) => `${generation(epoch)}commands`,
        items: (epoch) => `${generation(epoch)}items`,
        stock: (epoch, itemId) => `${generation(epoch)}stock:${itemId}`,
        order: (epoch, key) => `${generation(epoch)}order:${key}`,
        buyer: (epoch, { itemId, userId }) => `${generation(epoch)}buyer:${itemId}:${userId}`,
    };
};
exports.keysOf = keysOf;
//# sourceMappingURL=keys.js.map