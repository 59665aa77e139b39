"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.readSaleTotals = exports.unitsLeft = exports.lowUnits = void 0;
exports.lowUnits = 10;
/**
 * Units left of every item that operators stocked, below 0 when it is oversold. What was sold before its stock is in the
 * view is not in here: that is no oversale but a view behind.
 */
exports.unitsLeft = `
  select s.item_id as item, s.stocked - coalesce(sum(t.sold_units), 0)::bigint as units
  from views.item_stock s left join views.item_sales t on t.item_id = s.item_id
  group by s.item_id, s.stocked`;
const readSaleTotals = async (db) => {
    const { rows } = await db.query({
        name: 'sale-totals',
        text: `select coalesce(sum(greatest(0, -units)), 0)::bigint as oversold,
        count(*) filter (where units > 0 and units < $1) as low,
        (select coalesce(sum(pending_orders), 0)::bigint from views.item_sales) as open
      from (${exports.unitsLeft}) as item_units`,
        values: [exports.lowUnits],
    });
    const [totals] = rows;
    return {
        oversoldUnits: totals?.oversold ?? 0,
        itemsLow: totals?.low ?? 0,
        openOrders: totals?.open ?? 0,
    };
};
exports.readSaleTotals = readSaleTotals;
//# sourceMappingURL=sale-totals.js.map