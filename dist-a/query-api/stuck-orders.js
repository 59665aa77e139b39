"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.listStuck = void 0;
const deadline_1 = require("../chassis/deadline");
const stock_keys_1 = require("../schemas/stock-keys");
/** Oldest first, by the index of orders without an outcome. */
const findRows = async (db, { acceptedBeforeMs, limit, after }) => {
    const { rows } = await db.query({
        name: 'stuck-orders',
        text: `select o.request_id, o.user_id, o.item_id, o.amount, o.correlation_id, o.request_partition, o.request_offset,
        o.request_appended_at, l.attempts, l.reason, l.detail, l.parked_at
      from views.orders o
      left join lateral (
        select attempts, reason, detail, parked_at from views.dead_letters
        where key = convert_to(o.request_id, 'UTF8') order by parked_at desc limit 1
      ) l on true
      where o.status = 'PENDING' and o.request_appended_at <= $1
        and (o.request_appended_at, o.request_id) > ($2, $3)
      order by o.request_appended_at, o.request_id limit $4`,
        values: [acceptedBeforeMs, after?.[0] ?? -1, after?.[1] ?? '', limit],
    });
    return rows;
};
const recordsWithinMs = 500;
/** What the saga has recorded of each order, in the open generation; undefined when nobody can say. */
const findRecords = async (redis, saleId, keys) => {
    if (redis.status !== 'ready' || keys.length === 0)
        return undefined;
    const ask = async () => {
        const [epoch, open] = await redis.hmget((0, stock_keys_1.currentKey)(saleId), 'epoch', 'open');
        if (typeof epoch !== 'string' || open !== '1')
            return undefined;
        return redis.mget(keys.map((key) => (0, stock_keys_1.orderRecordKey)(saleId, epoch, key)));
    };
    return (0, deadline_1.withDeadline)(ask(), recordsWithinMs, 'the stock store').catch(() => undefined);
};
/** A reserved order waits for its payment; one with an outcome waits for the log or the view to show it. */
const stepOf = (record) => {
    if (record === undefined)
        return 'UNKNOWN';
    if (record === null)
        return 'WAITS_FOR_DECISION';
    return record.startsWith('R|') ? 'WAITS_FOR_PAYMENT' : 'WAITS_FOR_VIEW';
};
const instant = (ms) => new Date(ms).toISOString();
const trialOf = (row, payment) => {
    if (payment) {
        const detail = 'the provider gave no answer within PAYMENT_BUDGET';
        const last_error = { reason: 'PAYMENT_UNKNOWN', detail, at: instant(payment.parkedAtMs) };
        return { attempts: payment.attempts, last_error };
    }
    if (row.parked_at === null)
        return { attempts: null, last_error: null };
    const last_error = { reason: row.reason ?? '', detail: row.detail ?? '', at: instant(row.parked_at) };
    return { attempts: row.attempts, last_error };
};
const toStuck = (row, step, trial, nowMs) => ({
    key: row.request_id,
    user_id: row.user_id,
    item_id: row.item_id,
    amount: row.amount,
    status: 'PENDING',
    step,
    age_ms: Math.max(0, nowMs - row.request_appended_at),
    accepted_at: instant(row.request_appended_at),
    position: `order-requests:${row.request_partition}:${row.request_offset}`,
    correlation_id: row.correlation_id,
    ...trial,
});
/** Orders accepted before an instant and still without an outcome, oldest first. */
const listStuck = async ({ db, redis, saleId, findPostponed }, query, nowMs) => {
    const rows = await findRows(db, query);
    const keys = rows.map((row) => row.request_id);
    const records = await findRecords(redis, saleId, keys);
    const steps = keys.map((_, index) => stepOf(records?.[index]));
    const unpaid = new Set(keys.filter((_, index) => steps[index] === 'WAITS_FOR_PAYMENT'));
    const payments = unpaid.size > 0 ? await findPostponed(unpaid) : undefined;
    return rows.map((row, index) => {
        const trial = trialOf(row, payments?.get(row.request_id));
        return toStuck(row, steps[index] ?? 'UNKNOWN', trial, nowMs);
    });
};
exports.listStuck = listStuck;
//# sourceMappingURL=stuck-orders.js.map