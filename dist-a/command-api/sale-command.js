"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.readSale = exports.saleOvertaken = void 0;
const instant_1 = require("../chassis/instant");
const fields_1 = require("../schemas/fields");
const admin_commands_1 = require("./admin-commands");
const buy_1 = require("./buy");
const sale_1 = require("./sale");
const members = (0, admin_commands_1.aliases)('item_id', 'action', 'opens_at', 'closes_at', 'reason', 'command_id', 'actor');
const orders = new Map([
    ['open', 'OPEN'],
    ['pause', 'PAUSE'],
    ['resume', 'RESUME'],
    ['close', 'CLOSE'],
    ['schedule', 'SCHEDULE'],
]);
const instantFault = 'must be a time such as 2026-11-27T12:00:00Z, milliseconds since 1970, or null';
/** Milliseconds since 1970; null for none; undefined for what is no time. */
const instantMs = (value) => {
    if (value === undefined || value === null)
        return null;
    // A number of more digits is a time that no Date can hold: every answer about the sale would fail.
    if (typeof value !== 'string' && typeof value !== 'number')
        return undefined;
    const ms = typeof value === 'string' ? (0, instant_1.parseTimestampMs)(value) : (0, instant_1.parseInstantMs)(String(value));
    return (0, fields_1.isCount)(ms) ? ms : undefined;
};
const unusableTimes = ({ opensAtMs, closesAtMs }) => {
    const faults = [];
    (0, admin_commands_1.pushFault)(faults, 'opens_at', opensAtMs === undefined ? instantFault : undefined);
    (0, admin_commands_1.pushFault)(faults, 'closes_at', closesAtMs === undefined ? instantFault : undefined);
    return faults;
};
const needlessTimes = ({ opensAtMs, closesAtMs }) => {
    const faults = [];
    const message = 'belongs to the action schedule';
    (0, admin_commands_1.pushFault)(faults, 'opens_at', opensAtMs === null ? undefined : message);
    (0, admin_commands_1.pushFault)(faults, 'closes_at', closesAtMs === null ? undefined : message);
    return faults;
};
const scheduleFaults = ({ opensAtMs, closesAtMs }, nowMs) => {
    if (opensAtMs === null && closesAtMs === null) {
        return [{ field: 'opens_at', message: 'or closes_at is needed to schedule a sale' }];
    }
    return closesAtMs === null || closesAtMs > Math.max(nowMs, opensAtMs ?? 0)
        ? []
        : [{ field: 'closes_at', message: 'must be in the future and after opens_at' }];
};
const windowFaults = (order, window, nowMs) => {
    const unusable = unusableTimes(window);
    if (unusable.length > 0 || order === undefined)
        return unusable;
    const times = window;
    return order === 'SCHEDULE' ? scheduleFaults(times, nowMs) : needlessTimes(times);
};
const illegalTransition = (item, instead, nowMs) => ({
    status: 409,
    error: 'ILLEGAL_TRANSITION',
    title: 'The sale cannot go there from where it is',
    detail: instead,
    more: { sale: (0, sale_1.saleBody)(item.sale, nowMs) },
});
/** Another command came between the look at the sale and this one's place in the log. */
const saleOvertaken = (item, nowMs) => ({
    status: 409,
    error: 'VERSION_CONFLICT',
    title: 'The sale was changed at the same time',
    detail: 'Another command was first, and this one changes nothing. Look again, then decide.',
    more: { current_version: item.sale.version, sale: (0, sale_1.saleBody)(item.sale, nowMs) },
});
exports.saleOvertaken = saleOvertaken;
const planSale = ({ order, window, nowMs, ...common }, item) => {
    const verdict = (0, sale_1.judgeSale)(item.sale, order, window, nowMs);
    if (verdict.kind === 'illegal') {
        return { kind: 'objection', problem: illegalTransition(item, verdict.instead, nowMs) };
    }
    const { mode, opensAtMs, closesAtMs } = verdict.sale;
    const event = {
        type: 'SaleChanged',
        ...common,
        action: order,
        mode,
        opens_at: opensAtMs,
        closes_at: closesAtMs,
        expected_version: item.sale.version,
        changed_at: nowMs,
    };
    return { kind: 'event', event };
};
const readSale = (given, { nowMs }) => {
    const faults = [];
    const taken = (0, buy_1.takeMembers)(given, members, faults);
    const itemId = taken.get('item_id');
    const order = orders.get(taken.get('action'));
    const window = {
        opensAtMs: instantMs(taken.get('opens_at')),
        closesAtMs: instantMs(taken.get('closes_at')),
    };
    (0, admin_commands_1.pushFault)(faults, 'item_id', (0, buy_1.isIdentifier)(itemId) ? undefined : buy_1.identifierFault);
    (0, admin_commands_1.pushFault)(faults, 'action', order ? undefined : `must be one of ${[...orders.keys()].join(', ')}`);
    faults.push(...windowFaults(order, window, nowMs));
    const reason = (0, admin_commands_1.readReason)(taken, faults);
    (0, admin_commands_1.pushFault)(faults, 'command_id', (0, buy_1.textFault)(taken.get('command_id')));
    const actor = (0, admin_commands_1.readActor)(taken, faults);
    if (faults.length > 0 || order === undefined)
        return { kind: 'faults', faults };
    const asked = {
        item_id: itemId,
        command_id: taken.get('command_id'),
        reason,
        actor,
        order,
        window: window,
        nowMs,
    };
    const { item_id, command_id } = asked;
    const command = {
        itemId: item_id,
        commandId: command_id,
        payload: `sale:${item_id}:${order}:${window.opensAtMs}:${window.closesAtMs}:${asked.reason ?? ''}`,
        plan: (item) => planSale(asked, item),
        overtaken: (item) => (0, exports.saleOvertaken)(item, nowMs),
    };
    return { kind: 'command', command };
};
exports.readSale = readSale;
//# sourceMappingURL=sale-command.js.map