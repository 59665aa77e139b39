"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.readLetterFilter = exports.letterFilterMembers = exports.openStates = exports.letterStates = void 0;
const instant_1 = require("../../chassis/instant");
/** Where a letter stands. PARKED and FAILED_AGAIN are open: somebody must look at them. */
exports.letterStates = ['PARKED', 'REDRIVEN', 'RESOLVED', 'FAILED_AGAIN', 'DISCARDED'];
exports.openStates = ['PARKED', 'FAILED_AGAIN'];
exports.letterFilterMembers = [
    'reason',
    'group',
    'state',
    'item',
    'key',
    'topic',
    'from',
    'to',
];
const textCharactersMax = 301;
/** Code points, as the API's document counts. */
const isWithin = (text) => text.length <= textCharactersMax ||
    (text.length <= 2 * textCharactersMax && Array.from(text).length <= textCharactersMax);
const isText = (value) => typeof value === 'string' && value !== '' && isWithin(value) && !value.includes('\u0000');
const isState = (name) => exports.letterStates.includes(name);
/** One state, several separated by commas, or a list of them. */
const statesOf = (value) => {
    const names = Array.isArray(value) ? value : String(value).split(',');
    return names.length > 0 && names.every(isState) ? [...new Set(names)] : undefined;
};
const instantOf = (value) => typeof value === 'string' || typeof value === 'number' ? (0, instant_1.parseInstantMs)(String(value)) : undefined;
const readers = {
    reason: (value) => (isText(value) ? { reason: value } : undefined),
    group: (value) => (isText(value) ? { group: value } : undefined),
    item: (value) => (isText(value) ? { item: value } : undefined),
    key: (value) => (isText(value) ? { key: value } : undefined),
    topic: (value) => (isText(value) ? { topic: value } : undefined),
    state: (value) => {
        const states = statesOf(value);
        return states && { states };
    },
    from: (value) => {
        const fromMs = instantOf(value);
        return fromMs === undefined ? undefined : { fromMs };
    },
    to: (value) => {
        const toMs = instantOf(value);
        return toMs === undefined ? undefined : { toMs };
    },
};
const messages = {
    reason: 'must be text, at most 301 characters',
    group: 'must be the id of a group',
    item: 'must be text, at most 301 characters',
    key: 'must be text, at most 301 characters',
    topic: 'must be the name of a topic',
    state: `must be one or several of ${exports.letterStates.join(', ')}`,
    from: 'must be a time such as 2026-11-27T12:00:00Z, or milliseconds since 1970',
    to: 'must be a time such as 2026-11-27T12:00:00Z, or milliseconds since 1970',
};
/**
 * Reads a filter from members of a query or a body. Members that are no filter's are passed over; so is one that a form
 * left empty.
 * @param prefix put before a field's name in a fault, such as `filter.`
 */
const readLetterFilter = (members, prefix = '') => {
    let filter = {};
    const faults = [];
    for (const name of exports.letterFilterMembers) {
        const given = members[name];
        if (given === undefined || given === '')
            continue;
        const read = readers[name](given);
        if (read === undefined)
            faults.push({ field: `${prefix}${name}`, message: messages[name] });
        else
            filter = { ...filter, ...read };
    }
    return { filter, faults };
};
exports.readLetterFilter = readLetterFilter;
//# sourceMappingURL=letter-filter.js.map