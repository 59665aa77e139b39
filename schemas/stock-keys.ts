/**
 * Redis keys that more than the saga reads: which generation of the stock is open, and what it holds of an item. The hash
 * tag puts all keys of a sale into one slot.
 */

/** A hash; `epoch` is the generation's number, `open` is `1` while it may be used. */
export const currentKey = (saleId: string): string => `{${saleId}}:cur`;

/** What the keys of a generation begin with. */
export const generationPrefix = (saleId: string, epoch: number | string): string => `{${saleId}}:e${epoch}:`;

/** A hash with `total`, `avail`, `reserved` and `sold` units, and `limit` when buyers have one. */
export const stockKey = (saleId: string, epoch: number | string, itemId: string): string =>
  `${generationPrefix(saleId, epoch)}stock:${itemId}`;

/**
 * An order's record: `state|atMs|user|item|amount|rest`, state R (reserved), C (completed) or F (refused). `rest` is nothing,
 * the payment id, or the reason, which a bar and its detail may follow.
 */
export const orderRecordKey = (saleId: string, epoch: number | string, key: string): string =>
  `${generationPrefix(saleId, epoch)}order:${key}`;
