"use strict";
/**
 * Redis keys that more than the saga reads: which generation of the stock is open, and what it holds of an item. The hash
 * tag puts all keys of a sale into one slot.
 */
Object.defineProperty(exports, "__esModule", { value: true });
exports.orderRecordKey = exports.stockKey = exports.generationPrefix = exports.currentKey = void 0;
/** A hash; `epoch` is the generation's number, `open` is `1` while it may be used. */
const currentKey = (saleId) => `{${saleId}}:cur`;
exports.currentKey = currentKey;
/** What the keys of a generation begin with. */
const generationPrefix = (saleId, epoch) => `{${saleId}}:e${epoch}:`;
exports.generationPrefix = generationPrefix;
/** A hash with `total`, `avail`, `reserved` and `sold` units, and `limit` when buyers have one. */
const stockKey = (saleId, epoch, itemId) => `${(0, exports.generationPrefix)(saleId, epoch)}stock:${itemId}`;
exports.stockKey = stockKey;
/**
 * An order's record: `state|atMs|user|item|amount|rest`, state R (reserved), C (completed) or F (refused). `rest` is nothing,
 * the payment id, or the reason, which a bar and its detail may follow.
 */
const orderRecordKey = (saleId, epoch, key) => `${(0, exports.generationPrefix)(saleId, epoch)}order:${key}`;
exports.orderRecordKey = orderRecordKey;
//# sourceMappingURL=stock-keys.js.map