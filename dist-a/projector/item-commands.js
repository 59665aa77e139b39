"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.foldCommands = void 0;
const item_ledger_1 = require("../schemas/item-ledger");
const happenedAt = (event) => {
    switch (event.type) {
        case 'StockAdjusted':
            return event.adjusted_at;
        case 'BuyerLimitSet':
            return event.set_at;
        case 'SaleChanged':
            return event.changed_at;
    }
};
const toCommandRow = ({ event, record, metadata }) => ({
    command_id: event.command_id,
    event_type: event.type,
    item_id: event.item_id,
    delta: event.type === 'StockAdjusted' ? event.delta : null,
    units_max: event.type === 'BuyerLimitSet' ? event.units_max : null,
    action: event.type === 'SaleChanged' ? event.action : null,
    opens_at: event.type === 'SaleChanged' ? event.opens_at : null,
    closes_at: event.type === 'SaleChanged' ? event.closes_at : null,
    expected_version: event.type === 'BuyerLimitSet' ? null : event.expected_version,
    reason: event.type === 'BuyerLimitSet' ? null : event.reason,
    actor: event.actor,
    commanded_at: happenedAt(event),
    appended_at: record.appendedAtMs,
    event_id: metadata.event_id,
    partition: record.partition,
    offset: record.offset,
});
const toState = (row) => ({
    stocked: row.stocked,
    stockVersion: row.stock_version,
    unitsMax: row.units_max,
    sale: {
        mode: row.sale_mode,
        opensAtMs: row.opens_at,
        closesAtMs: row.closes_at,
        version: row.sale_version,
    },
});
const toRow = (itemId, { stocked, stockVersion, unitsMax, sale }, atMs) => ({
    item_id: itemId,
    stocked,
    units_max: unitsMax,
    adjusted_at: atMs,
    stock_version: stockVersion,
    sale_mode: sale.mode,
    opens_at: sale.opensAtMs,
    closes_at: sale.closesAtMs,
    sale_version: sale.version,
});
/** Folds a batch onto the items as it finds them. `known` are command_ids that took effect before. */
const foldCommands = (before, known, commands) => {
    const found = new Map(before.map((row) => [row.item_id, row]));
    const changed = new Map();
    const seen = new Set(known);
    const applied = [];
    for (const command of commands) {
        const { event, record } = command;
        if (seen.has(event.command_id))
            continue;
        const row = changed.get(event.item_id) ?? found.get(event.item_id);
        const after = (0, item_ledger_1.applyItemEvent)(row ? toState(row) : item_ledger_1.unknownItem, event);
        if (!after)
            continue;
        seen.add(event.command_id);
        applied.push(toCommandRow(command));
        const atMs = Math.max(row?.adjusted_at ?? 0, record.appendedAtMs);
        changed.set(event.item_id, toRow(event.item_id, after, atMs));
    }
    return { items: [...changed.values()], applied };
};
exports.foldCommands = foldCommands;
//# sourceMappingURL=item-commands.js.map