"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.readNetCharges = exports.netCharges = void 0;
const readTimeoutMs = 30_000;
/**
 * Charges that stand, per order: a key that was charged and not cancelled counts one. Two keys of one order that
 * both stand are a double charge.
 */
const netCharges = (lines, isOurs) => {
    const orderOfKey = new Map();
    for (const { op, key, requestId } of lines) {
        if (key === undefined)
            continue;
        if (op === 'charged' && requestId !== undefined && isOurs(requestId))
            orderOfKey.set(key, requestId);
        if (op === 'cancelled')
            orderOfKey.delete(key);
    }
    const charges = new Map();
    for (const requestId of orderOfKey.values())
        charges.set(requestId, (charges.get(requestId) ?? 0) + 1);
    return charges;
};
exports.netCharges = netCharges;
/** The provider's journal as JSON lines; `undefined` when there is none to read (a real provider). */
const readNetCharges = async (journalUrl, runId) => {
    try {
        const answer = await fetch(journalUrl, { signal: AbortSignal.timeout(readTimeoutMs) });
        if (!answer.ok)
            return undefined;
        const lines = (await answer.text()).split('\n').filter((line) => line !== '');
        return (0, exports.netCharges)(lines.map((line) => JSON.parse(line)), (requestId) => requestId.startsWith(`${runId}-`));
    }
    catch {
        return undefined;
    }
};
exports.readNetCharges = readNetCharges;
//# sourceMappingURL=payment-journal.js.map