"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.ItemLedger = exports.applyItemEvent = exports.unknownItem = void 0;
const sale_1 = require("./sale");
exports.unknownItem = { stocked: 0, stockVersion: 0, unitsMax: null, sale: sale_1.alwaysOpen };
/**
 * The item after an event; undefined when the event was overtaken: it says at which version it was decided, and by the
 * time it got its place in the log another command had been before it. The log has one order for all commands of an item,
 * so every reader comes to the same answer.
 */
const applyItemEvent = (item, event) => {
    switch (event.type) {
        case 'StockAdjusted':
            if (event.expected_version !== null && event.expected_version !== item.stockVersion)
                return undefined;
            return { ...item, stocked: item.stocked + event.delta, stockVersion: item.stockVersion + 1 };
        case 'BuyerLimitSet':
            return { ...item, unitsMax: event.units_max };
        case 'SaleChanged': {
            const { mode, opens_at: opensAtMs, closes_at: closesAtMs } = event;
            const { version } = item.sale;
            if (event.expected_version !== version)
                return undefined;
            return { ...item, sale: { mode, opensAtMs, closesAtMs, version: version + 1 } };
        }
    }
};
exports.applyItemEvent = applyItemEvent;
const placeText = ({ partition, offset }) => `${partition}:${offset}`;
/**
 * `stock-adjustments` folded in memory: about 300 bytes an item, 150 a command, 100 a change of a sale. All of it is
 * operators' doing, so it is small and bounded by them. Feed it each partition's records in their order.
 */
class ItemLedger {
    items = new Map();
    sales = new Map();
    commands = new Map();
    overtaken = new Set();
    apply({ partition, offset, appendedAtMs, digest, }, event) {
        if (this.commands.has(event.command_id))
            return 'repeat';
        const before = this.item(event.item_id);
        const after = (0, exports.applyItemEvent)(before, event);
        if (!after) {
            this.overtaken.add(placeText({ partition, offset }));
            return 'overtaken';
        }
        this.commands.set(event.command_id, { partition, offset, digest });
        this.items.set(event.item_id, after);
        if (after.sale !== before.sale)
            this.changeSale(event.item_id, after.sale, appendedAtMs);
        return 'applied';
    }
    item(itemId) {
        return this.items.get(itemId) ?? exports.unknownItem;
    }
    get itemCount() {
        return this.items.size;
    }
    /** Where the event stands that took effect under this command_id. */
    placeOf(commandId) {
        return this.commands.get(commandId);
    }
    /** Whether the command took effect by the event at this place, and not by an earlier one. */
    tookEffectAt(place, commandId) {
        const by = this.commands.get(commandId);
        return by?.partition === place.partition && by.offset === place.offset;
    }
    isOvertaken(place) {
        return this.overtaken.has(placeText(place));
    }
    /** The sale as it was at an instant of the log: a change counts from its own append time on. */
    saleAt(itemId, atMs) {
        return this.sales.get(itemId)?.findLast(({ fromMs }) => fromMs <= atMs)?.sale ?? sale_1.alwaysOpen;
    }
    /** The sale as it is now; undefined when no operator ever changed it, which is one look into a map. */
    saleOf(itemId) {
        return this.sales.get(itemId)?.at(-1)?.sale;
    }
    /** Should a broker's clock step back, a later change still counts no earlier than the one before it. */
    changeSale(itemId, sale, appendedAtMs) {
        const changes = this.sales.get(itemId) ?? [];
        changes.push({ sale, fromMs: Math.max(appendedAtMs, changes.at(-1)?.fromMs ?? 0) });
        this.sales.set(itemId, changes);
    }
}
exports.ItemLedger = ItemLedger;
//# sourceMappingURL=item-ledger.js.map