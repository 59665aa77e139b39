"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.readLetterCommand = void 0;
const log_1 = require("../../chassis/kafka/log");
const letter_filter_1 = require("../../migrations/letters/letter-filter");
const admin_commands_1 = require("../admin-commands");
const buy_1 = require("../buy");
/** What fits into a body of 16 KiB; more letters are selected by a filter. */
const idsMax = 500;
const lettersMax = 10_000;
const ratePerSecondMax = 1_000;
const rateDefault = 100;
const noteCharactersMax = 500;
const camelCase = (name) => name.replace(/_(.)/g, (_, letter) => letter.toUpperCase());
const members = ['command_id', 'plan_id', 'ids', 'filter', 'dry_run', 'rate', 'limit', 'note', 'actor'];
const memberNames = new Map(members.flatMap((name) => [
    [name, name],
    [camelCase(name), name],
]));
const isLetterList = (value) => Array.isArray(value) &&
    value.length >= 1 &&
    value.length <= idsMax &&
    value.every((id) => typeof id === 'string' && (0, log_1.parsePosition)(id) !== undefined);
const readFilter = (value, faults) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
        faults.push({ field: 'filter', message: 'must be an object; {} selects every open letter' });
        return undefined;
    }
    const unknown = Object.keys(value).filter((name) => !letter_filter_1.letterFilterMembers.includes(name));
    if (unknown.length > 0) {
        faults.push({ field: 'filter', message: `may hold ${letter_filter_1.letterFilterMembers.join(', ')}, and nothing else` });
    }
    // In a list an empty field of a form is no filter; a command must not take it for "all of them".
    const empty = Object.entries(value).filter(([, member]) => member === '');
    faults.push(...empty.map(([name]) => ({ field: `filter.${name}`, message: 'must not be empty' })));
    const read = (0, letter_filter_1.readLetterFilter)(value, 'filter.');
    faults.push(...read.faults);
    return { kind: 'filter', filter: read.filter };
};
const readSelection = (taken, faults) => {
    const given = ['plan_id', 'ids', 'filter'].filter((name) => taken.has(name));
    if (given.length !== 1) {
        const message = 'exactly one of plan_id, ids and filter says which letters';
        faults.push({ field: given[1] ?? 'filter', message });
        return undefined;
    }
    if (taken.has('filter'))
        return readFilter(taken.get('filter'), faults);
    const ids = taken.get('ids');
    if (taken.has('ids')) {
        if (isLetterList(ids))
            return { kind: 'ids', ids: [...new Set(ids)] };
        const message = `must be 1 to ${idsMax} ids of letters, topic:partition:offset`;
        faults.push({ field: 'ids', message });
        return undefined;
    }
    const planId = taken.get('plan_id');
    const fault = (0, buy_1.textFault)(planId);
    if (fault !== undefined)
        faults.push({ field: 'plan_id', message: fault });
    return { kind: 'plan', planId: String(planId) };
};
const readInteger = (taken, name, { most, otherwise }, faults) => {
    const value = taken.get(name) ?? otherwise;
    if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= most)
        return value;
    faults.push({ field: name, message: `must be an integer from 1 to ${most}` });
    return otherwise;
};
const readText = (taken, name, most, faults) => {
    const value = taken.get(name) ?? null;
    if (value === null)
        return null;
    const message = (0, buy_1.textFault)(value, most);
    if (message !== undefined)
        faults.push({ field: name, message });
    return typeof value === 'string' ? value : null;
};
const readDryRun = (taken, faults) => {
    const value = taken.get('dry_run') ?? false;
    if (typeof value !== 'boolean')
        faults.push({ field: 'dry_run', message: 'must be true or false' });
    return value === true;
};
/** The command that a body asks for, or all of its faults at once. */
const readLetterCommand = (verb, body) => {
    const faults = [];
    const taken = (0, buy_1.takeMembers)(body, memberNames, faults);
    const commandId = taken.get('command_id');
    const idFault = (0, buy_1.textFault)(commandId);
    if (idFault !== undefined)
        faults.push({ field: 'command_id', message: idFault });
    const selection = readSelection(taken, faults);
    const isDryRun = readDryRun(taken, faults);
    const ratePerSecond = readInteger(taken, 'rate', { most: ratePerSecondMax, otherwise: rateDefault }, faults);
    const limit = readInteger(taken, 'limit', { most: lettersMax, otherwise: lettersMax }, faults);
    const note = readText(taken, 'note', noteCharactersMax, faults);
    const actor = readText(taken, 'actor', 100, faults) ?? admin_commands_1.actorDefault;
    if (verb === 'discard' && note === null && !isDryRun) {
        faults.push({ field: 'note', message: 'is needed: why these letters need no processing' });
    }
    if (faults.length > 0 || selection === undefined)
        return { kind: 'faults', faults };
    const asked = JSON.stringify([verb, selection, ratePerSecond, limit, note]);
    return {
        kind: 'command',
        command: {
            verb,
            commandId: commandId,
            selection,
            isDryRun,
            ratePerSecond,
            limit,
            note,
            actor,
            payload: asked,
        },
    };
};
exports.readLetterCommand = readLetterCommand;
//# sourceMappingURL=letter-command.js.map