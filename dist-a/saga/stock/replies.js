"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.parseItem = exports.parseSettled = exports.parseDecision = exports.isStale = void 0;
const record_1 = require("./record");
/** The scripts' answers as words; see the header of each .lua file. */
const isStale = (reply) => reply === 'STALE';
exports.isStale = isStale;
const timeLength = 13;
/** A decision made now is of the order that was asked about, so the reply holds only what is new: state, time, refusal. */
const newRecord = ({ key, order }, reply) => {
    const atMs = Number(reply.slice(2, 2 + timeLength));
    if (reply.charAt(1) === 'R' && order)
        return { state: 'RESERVED', atMs, order };
    const { reason, detail } = (0, record_1.parseRefusal)(reply.slice(2 + timeLength));
    return { state: 'FAILED', atMs, key, order, reason, detail };
};
const parseDecision = (request, reply) => {
    switch (reply.charAt(0)) {
        case 'N':
            return { kind: 'decided', isNew: true, emitted: false, record: newRecord(request, reply) };
        case 'K':
        case 'E': {
            const record = (0, record_1.parseRecord)(request.key, reply.slice(1));
            return { kind: 'decided', isNew: false, emitted: reply.startsWith('E'), record };
        }
        case 'C':
            return { kind: 'conflict' };
        case 'U':
            return { kind: 'unsure', storeNowMs: Number(reply.slice(1)) };
        case 'I':
            return { kind: 'unknown-item' };
        default:
            throw new TypeError(`decide.lua answered ${reply.slice(0, 100)}`);
    }
};
exports.parseDecision = parseDecision;
const parseSettled = (request, reply) => {
    switch (reply.charAt(0)) {
        case 'N':
        case 'K':
        case 'E': {
            const record = (0, record_1.parseRecord)(request.order.key, reply.slice(1));
            return { kind: 'settled', emitted: reply.startsWith('E'), record };
        }
        case 'M':
            return { kind: 'missing' };
        default:
            throw new TypeError(`settle.lua answered ${reply.slice(0, 100)}`);
    }
};
exports.parseSettled = parseSettled;
const parseItem = (itemId, fields) => {
    const [total, available, reserved, sold, limit] = fields;
    return {
        itemId,
        total: Number(total),
        available: Number(available),
        reserved: Number(reserved),
        sold: Number(sold),
        unitsMax: limit === null || limit === undefined ? null : Number(limit),
    };
};
exports.parseItem = parseItem;
//# sourceMappingURL=replies.js.map