"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.copyNewOrders = exports.upsertOrders = void 0;
const pg_1 = require("pg");
const columns_1 = require("./columns");
const copy_rows_1 = require("./copy-rows");
const order_columns_1 = require("./order-columns");
const columnNames = Object.keys(order_columns_1.orderColumns);
const columnList = columnNames.join(', ');
const columnsInOrder = Object.values(order_columns_1.orderColumns);
const columnTypes = Object.fromEntries(columnNames.map((name, index) => [name, columnsInOrder[index]?.type ?? '']));
/** Set by the request, or stand-ins from the outcome until the request is known. */
const askedColumns = [
    'requested_at',
    'request_offset',
    'request_appended_at',
    'request_partition',
    'request_event_id',
    'request_causation_id',
    'sales_channel',
    'user_id',
    'item_id',
    'amount',
    'correlation_id',
];
const decidedColumns = [
    'decided_at',
    'outcome_offset',
    'outcome_appended_at',
    'outcome_partition',
    'outcome_event_id',
    'outcome_causation_id',
    'epoch',
    'payment_id',
    'detail',
    'status',
];
const keepOnce = (columns, mark) => columns
    .map((name) => `${name} = case when o.${mark} is null then excluded.${name} else o.${name} end`)
    .join(', ');
const upsert = (schema) => `
  insert into ${schema}.orders as o (${columnList})
  select * from ${(0, columns_1.unnestOf)(columnTypes)}
  on conflict (request_id) do update set
    ${keepOnce(askedColumns, 'request_offset')},
    ${keepOnce(decidedColumns, 'outcome_offset')}
  where (o.request_offset is null and excluded.request_offset is not null)
     or (o.outcome_offset is null and excluded.outcome_offset is not null)
  returning request_id, request_partition, request_offset, outcome_partition, outcome_offset, item_id, amount`;
const byRequestId = (a, b) => a.request_id < b.request_id ? -1 : a.request_id > b.request_id ? 1 : 0;
/**
 * Writes what a batch says of orders; the first request and the first outcome of an order stay for ever. Returns the
 * rows that changed, as they are now. Locks rows in the order of their keys, so that two processes which fold the
 * two topics of one order cannot lock each other out.
 */
const upsertOrders = async (client, schema, changes) => {
    if (changes.length === 0)
        return new Map();
    const sorted = changes.toSorted(byRequestId);
    const result = await client.query({
        name: `upsert-orders-${schema}`,
        text: upsert(schema),
        values: columnsInOrder.map(({ of }) => (0, columns_1.arrayLiteral)(sorted, of)),
    });
    return new Map(result.rows.map((row) => [row.request_id, row]));
};
exports.upsertOrders = upsertOrders;
const lineOf = (change) => `${columnsInOrder.map(({ of }) => (0, copy_rows_1.copyField)(of(change))).join('\t')}\n`;
const isDuplicateKey = (error) => error instanceof pg_1.DatabaseError && error.code === '23505';
/**
 * Copies orders that are thought to be new. False when one of them is there: then none was written, and the
 * transaction is as it was before.
 */
const copyNewOrders = async (client, schema, changes) => {
    await client.query('savepoint copy_orders');
    try {
        let lines = '';
        for (const change of changes)
            lines += lineOf(change);
        await (0, copy_rows_1.copyRows)(client, `${schema}.orders (${columnList})`, lines);
        return true;
    }
    catch (error) {
        if (!isDuplicateKey(error))
            throw error;
        await client.query('rollback to savepoint copy_orders');
        return false;
    }
};
exports.copyNewOrders = copyNewOrders;
//# sourceMappingURL=order-store.js.map