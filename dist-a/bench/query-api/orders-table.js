"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.fillOrders = exports.orderId = void 0;
const log_1 = require("../../chassis/log");
const postgres_1 = require("../../chassis/postgres");
const orderId = (number) => `order-${String(number).padStart(9, '0')}`;
exports.orderId = orderId;
/** Decided orders as a sale leaves them, numbered from 0, with the statistics that a planner has by then. */
const fillOrders = async (url, orders) => {
    const pool = (0, postgres_1.createPool)({ url, applicationName: 'bench', connectionsMax: 1, statementTimeoutMs: 300_000 }, log_1.silentLog);
    for (let from = 0; from < orders; from += 100_000) {
        await pool.query({
            text: `insert into views.orders (requested_at, request_offset, request_appended_at, decided_at, outcome_offset,
          outcome_appended_at, epoch, request_partition, outcome_partition, amount, request_id, status, user_id, item_id,
          correlation_id, request_event_id, request_causation_id, outcome_event_id, outcome_causation_id, payment_id)
        select 1700000000000 + n, n / 8, 1700000000000 + n, 1700000000100 + n, n / 8, 1700000000100 + n, 0, n % 8, n % 8, 1,
          'order-' || lpad(n::text, 9, '0'), 'COMPLETED', 'user-' || n % 50000, 'item-' || n % 100, md5(n::text),
          md5('r' || n), md5(n::text), md5('o' || n), md5(n::text), 'pay-' || n
        from generate_series($1::bigint, $2::bigint) n`,
            values: [from, Math.min(orders, from + 100_000) - 1],
        });
    }
    await pool.query('vacuum analyze views.orders');
    await pool.end();
};
exports.fillOrders = fillOrders;
//# sourceMappingURL=orders-table.js.map