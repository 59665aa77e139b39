"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.notOnSale = exports.judgeSale = exports.saleBody = void 0;
const sale_1 = require("../schemas/sale");
const instant = (ms) => (ms === null ? null : new Date(ms).toISOString());
const saleBody = (sale, nowMs) => ({
    state: (0, sale_1.saleStateAt)(sale, nowMs),
    opens_at: instant(sale.opensAtMs),
    closes_at: instant(sale.closesAtMs),
    version: sale.version,
});
exports.saleBody = saleBody;
const illegal = (instead) => ({ kind: 'illegal', instead });
/** A sale that nobody touched yet may be opened in so many words; one that was opened may not be opened again. */
const open = (sale, state, nowMs) => {
    if (state === 'PAUSED')
        return illegal('It is paused: resume it.');
    if (state === 'OPEN' && sale.version > 0)
        return illegal('It is open already.');
    const isOver = sale.closesAtMs !== null && sale.closesAtMs <= nowMs;
    return {
        kind: 'change',
        sale: { mode: 'OPEN', opensAtMs: null, closesAtMs: isOver ? null : sale.closesAtMs },
    };
};
/**
 * What an order makes of a sale, or why it cannot. `window` counts for SCHEDULE only: it replaces the whole window, and a
 * pause outlasts it.
 */
const judgeSale = (sale, order, window, nowMs) => {
    const state = (0, sale_1.saleStateAt)(sale, nowMs);
    switch (order) {
        case 'OPEN':
            return open(sale, state, nowMs);
        case 'PAUSE':
            if (state === 'PAUSED')
                return illegal('It is paused already.');
            if (state === 'CLOSED')
                return illegal('It is closed: there is nothing to pause.');
            return { kind: 'change', sale: { ...sale, mode: 'PAUSED' } };
        case 'RESUME':
            if (state !== 'PAUSED')
                return illegal('Only a paused sale can be resumed.');
            return { kind: 'change', sale: { ...sale, mode: 'OPEN' } };
        case 'CLOSE':
            if (state === 'CLOSED')
                return illegal('It is closed already.');
            return { kind: 'change', sale: { mode: 'CLOSED', opensAtMs: null, closesAtMs: null } };
        case 'SCHEDULE':
            return { kind: 'change', sale: { mode: state === 'PAUSED' ? 'PAUSED' : 'OPEN', ...window } };
    }
};
exports.judgeSale = judgeSale;
/** Nobody knows when a pause ends; a client that asks this often does no harm. */
const pauseRetrySeconds = 5;
/** Why an item cannot be bought at an instant; undefined when it can. */
const notOnSale = (sale, nowMs) => {
    const state = (0, sale_1.saleStateAt)(sale, nowMs);
    // Before the instants are written as text: that is 2 µs an order of an item on sale.
    if (state === 'OPEN')
        return undefined;
    const more = { sale_state: state, opens_at: instant(sale.opensAtMs), server_time: instant(nowMs) };
    switch (state) {
        case 'SCHEDULED':
            return {
                status: 425,
                error: 'SALE_NOT_OPEN',
                title: 'The sale has not begun',
                detail: 'Send the same request again at opens_at, by the clock of server_time.',
                retryAfterSeconds: ((sale.opensAtMs ?? nowMs) - nowMs) / 1000,
                more,
            };
        case 'PAUSED':
            return {
                status: 425,
                error: 'SALE_PAUSED',
                title: 'The sale is paused',
                detail: 'It goes on when the shop resumes it. Send the same request again later.',
                retryAfterSeconds: pauseRetrySeconds,
                more,
            };
        case 'CLOSED':
            return {
                status: 410,
                error: 'SALE_CLOSED',
                title: 'The sale is over',
                detail: 'Orders accepted before its end stand. There is no use in trying again.',
                more: { ...more, closes_at: instant(sale.closesAtMs) },
            };
    }
};
exports.notOnSale = notOnSale;
//# sourceMappingURL=sale.js.map