"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.belowCommitted = exports.readAdjustStock = exports.readSetBuyerLimit = exports.versionConflict = exports.readReason = exports.readActor = exports.actorDefault = exports.pushFault = exports.aliases = exports.reasonCharactersMax = exports.unitsMax = void 0;
const buy_1 = require("./buy");
exports.unitsMax = 1_000_000;
exports.reasonCharactersMax = 500;
const aliases = (...names) => new Map(names.flatMap((name) => [
    [name, name],
    [name.replace(/_(.)/g, (_, letter) => letter.toUpperCase()), name],
]));
exports.aliases = aliases;
const isInteger = (value, least, most) => typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most;
const pushFault = (faults, field, message) => {
    if (message !== undefined)
        faults.push({ field, message });
};
exports.pushFault = pushFault;
const actorCharactersMax = 100;
/** There is one operators' token, so somebody who does not give a name has no other. */
exports.actorDefault = 'operator';
/** Who orders it, as they say themselves. */
const readActor = (taken, faults) => {
    const actor = taken.get('actor') ?? exports.actorDefault;
    (0, exports.pushFault)(faults, 'actor', (0, buy_1.textFault)(actor, actorCharactersMax));
    return typeof actor === 'string' ? actor : exports.actorDefault;
};
exports.readActor = readActor;
/** Why, where that may be left out. */
const readReason = (taken, faults) => {
    const reason = taken.get('reason') ?? null;
    if (reason !== null)
        (0, exports.pushFault)(faults, 'reason', (0, buy_1.textFault)(reason, exports.reasonCharactersMax));
    return typeof reason === 'string' ? reason : null;
};
exports.readReason = readReason;
/** The item has moved on since the operator looked. */
const versionConflict = (item) => ({
    status: 409,
    error: 'VERSION_CONFLICT',
    title: 'The stock was changed since',
    detail: `The item's version is ${item.stockVersion} now, with ${item.stocked} units stocked. Look again, then decide.`,
    more: { current_version: item.stockVersion, stocked: item.stocked },
});
exports.versionConflict = versionConflict;
const limitMembers = (0, exports.aliases)('item_id', 'units_max', 'command_id', 'reason', 'actor');
const readSetBuyerLimit = (members, { nowMs }) => {
    const faults = [];
    const taken = (0, buy_1.takeMembers)(members, limitMembers, faults);
    const itemId = taken.get('item_id');
    const limit = taken.get('units_max');
    const isLimit = limit === null || isInteger(limit, 0, exports.unitsMax);
    (0, exports.pushFault)(faults, 'item_id', (0, buy_1.isIdentifier)(itemId) ? undefined : buy_1.identifierFault);
    (0, exports.pushFault)(faults, 'units_max', isLimit ? undefined : `must be an integer from 0 to ${exports.unitsMax}, or null to lift the limit`);
    (0, exports.pushFault)(faults, 'command_id', (0, buy_1.textFault)(taken.get('command_id')));
    const reason = (0, exports.readReason)(taken, faults);
    const actor = (0, exports.readActor)(taken, faults);
    if (faults.length > 0)
        return { kind: 'faults', faults };
    const event = {
        type: 'BuyerLimitSet',
        item_id: itemId,
        units_max: limit,
        command_id: taken.get('command_id'),
        actor,
        set_at: nowMs,
        reason,
    };
    const command = {
        itemId: event.item_id,
        commandId: event.command_id,
        payload: `set-buyer-limit:${event.item_id}:${event.units_max}${reason === null ? '' : `:${reason}`}`,
        plan: () => ({ kind: 'event', event }),
        overtaken: exports.versionConflict,
    };
    return { kind: 'command', command };
};
exports.readSetBuyerLimit = readSetBuyerLimit;
const adjustMembers = (0, exports.aliases)('item_id', 'delta', 'quantity', 'expected_version', 'reason', 'command_id', 'actor');
/** Either units in or out, or what the stock is to be; the latter only against a version that was seen. */
const adjustmentFaults = (taken) => {
    const faults = [];
    const delta = taken.get('delta');
    if (taken.has('quantity')) {
        if (taken.has('delta'))
            (0, exports.pushFault)(faults, 'delta', 'must not come together with quantity');
        const isQuantity = isInteger(taken.get('quantity'), 0, exports.unitsMax);
        (0, exports.pushFault)(faults, 'quantity', isQuantity ? undefined : `must be an integer from 0 to ${exports.unitsMax}`);
    }
    else {
        const isDelta = isInteger(delta, -exports.unitsMax, exports.unitsMax) && delta !== 0;
        (0, exports.pushFault)(faults, 'delta', isDelta ? undefined : `must be an integer from -${exports.unitsMax} to ${exports.unitsMax}, and not 0`);
    }
    const isNeeded = taken.has('quantity') || taken.has('expected_version');
    const isVersion = isInteger(taken.get('expected_version'), 0, Number.MAX_SAFE_INTEGER - 1);
    if (isNeeded && !isVersion) {
        (0, exports.pushFault)(faults, 'expected_version', 'must be the version of the item that the quantity was decided for');
    }
    return faults;
};
const nothingToChange = (item) => ({
    status: 409,
    error: 'NO_CHANGE',
    title: 'The stock is what was asked for',
    detail: `${item.stocked} units are stocked already.`,
    more: { current_version: item.stockVersion, stocked: item.stocked },
});
const planAdjustment = (asked, item) => {
    const { delta: given, quantity, ...common } = asked;
    if (common.expected_version !== null && common.expected_version !== item.stockVersion) {
        return { kind: 'objection', problem: (0, exports.versionConflict)(item) };
    }
    const delta = quantity === undefined ? (given ?? 0) : quantity - item.stocked;
    if (delta === 0)
        return { kind: 'objection', problem: nothingToChange(item) };
    return { kind: 'event', event: { ...common, delta } };
};
const readAdjustStock = (members, { nowMs }) => {
    const faults = [];
    const taken = (0, buy_1.takeMembers)(members, adjustMembers, faults);
    (0, exports.pushFault)(faults, 'item_id', (0, buy_1.isIdentifier)(taken.get('item_id')) ? undefined : buy_1.identifierFault);
    faults.push(...adjustmentFaults(taken));
    (0, exports.pushFault)(faults, 'reason', (0, buy_1.textFault)(taken.get('reason'), exports.reasonCharactersMax));
    (0, exports.pushFault)(faults, 'command_id', (0, buy_1.textFault)(taken.get('command_id')));
    const actor = (0, exports.readActor)(taken, faults);
    if (faults.length > 0)
        return { kind: 'faults', faults };
    const itemId = taken.get('item_id');
    const reason = taken.get('reason');
    const quantity = taken.get('quantity');
    const delta = taken.get('delta');
    const version = (taken.get('expected_version') ?? null);
    const asked = {
        type: 'StockAdjusted',
        item_id: itemId,
        ...(quantity === undefined ? { delta: delta ?? 0 } : { quantity }),
        reason,
        command_id: taken.get('command_id'),
        actor,
        adjusted_at: nowMs,
        expected_version: version,
    };
    const what = quantity === undefined ? String(delta) : `=${quantity}`;
    const payload = `adjust-stock:${itemId}:${what}${version === null ? '' : `@${version}`}:${reason}`;
    const command = {
        itemId,
        commandId: asked.command_id,
        payload,
        plan: (item) => planAdjustment(asked, item),
        overtaken: exports.versionConflict,
    };
    return { kind: 'command', command };
};
exports.readAdjustStock = readAdjustStock;
/** Against taking out what buyers have already: undefined when enough stays. */
const belowCommitted = (event, stocked, committed) => {
    const { sold, reserved } = committed;
    if (event.delta >= 0 || stocked + event.delta >= sold + reserved)
        return undefined;
    const available = Math.max(0, stocked - sold - reserved);
    return {
        status: 409,
        error: 'STOCK_COMMITTED',
        title: 'Buyers have these units',
        detail: `${stocked} are stocked, ${sold} sold and ${reserved} reserved: at most ${available} can be taken out.`,
        more: { stocked, sold, reserved, available, asked: event.delta },
    };
};
exports.belowCommitted = belowCommitted;
//# sourceMappingURL=admin-commands.js.map