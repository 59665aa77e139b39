"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.orderLines = exports.paintStatus = void 0;
const figures_1 = require("./figures");
const paint_1 = require("./paint");
const effects = {
    duplicate: 'says again what was said; changed nothing',
    conflict: 'contradicts what was said before; changed nothing',
    void: 'of a generation of the stock that was over; it never happened',
};
const paintStatus = (status, paint) => {
    if (status === 'COMPLETED')
        return paint.good(status);
    return status === 'PENDING' ? paint.warn(status) : paint.bad(status);
};
exports.paintStatus = paintStatus;
const saysOf = (event) => {
    const who = `${event.user_id ?? 'somebody'}, ${event.amount ?? '?'} of ${event.item_id ?? 'an unreadable item'}`;
    if (event.type === 'OrderRequested')
        return who;
    const facts = [
        event.status,
        ...(event.epoch === null ? [] : [`epoch ${event.epoch}`]),
        ...(event.payment_id === null ? [] : [`payment ${event.payment_id}`]),
        ...(event.detail === null ? [] : [event.detail]),
    ];
    return facts.join(', ');
};
const mark = (event, paint) => {
    if (event.effect !== 'applied')
        return paint.dim('o');
    if (event.status === 'COMPLETED')
        return paint.good('*');
    return event.type === 'OrderRequested' ? '*' : paint.bad('*');
};
const timeWidth = 24;
const eventLines = (event, before, paint) => {
    const indent = ' '.repeat(timeWidth);
    const sinceMs = before ? Date.parse(event.appended_at) - Date.parse(before.appended_at) : 0;
    const place = `${event.topic}:${event.partition}:${event.offset}`;
    const effect = effects[event.effect];
    return [
        ...(before ? [`${indent}|  ${paint.dim(`+${(0, figures_1.duration)(sinceMs)}`)}`] : []),
        `${(0, paint_1.padEnd)((0, figures_1.instant)(event.appended_at), timeWidth)}${mark(event, paint)}  ${paint.bold(event.type)}  ${paint.dim(place)}`,
        `${indent}|  ${(0, paint_1.harmless)(saysOf(event))}`,
        ...(effect === undefined ? [] : [`${indent}|  ${paint.warn(effect)}`]),
    ];
};
/** An order with its timeline drawn in text, oldest first, by the broker's time. */
const orderLines = (order, events, paint) => {
    const stale = order.stale === true
        ? [paint.warn(`The view is behind the log${order.lag_ms ? ` by ${(0, figures_1.duration)(order.lag_ms)}` : ''}.`)]
        : [];
    const head = [
        `${paint.bold((0, paint_1.harmless)(order.request_id))}  ${(0, exports.paintStatus)(order.status, paint)}`,
        (0, paint_1.harmless)(`${order.user_id ?? '-'}, ${order.amount ?? '-'} of ${order.item_id ?? '-'}, correlation ${order.correlation_id ?? '-'}`),
        ...stale,
    ];
    if (events.length === 0)
        return [...head, 'Accepted; the view has not read its records yet.'];
    return [...head, '', ...events.flatMap((event, at) => eventLines(event, events[at - 1], paint))];
};
exports.orderLines = orderLines;
//# sourceMappingURL=order.js.map