"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.answerBuy = exports.unavailable = exports.payloadMismatch = exports.inFlight = exports.invalidCommand = exports.otherBuyer = exports.payloadOf = exports.readBuy = exports.takeMembers = exports.textFault = exports.isIdentifier = exports.identifierFault = void 0;
const identifier = /^[A-Za-z0-9_-]{1,100}$/;
const notBlank = /[^\s\uFEFF]/;
const controlCharacter = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;
/** Half of a character: it becomes U+FFFD in UTF-8, so two different ids would share one key in the log. */
const loneSurrogate = /\p{Surrogate}/u;
const safeName = /^[A-Za-z0-9_.-]{1,64}$/;
/** A body of 16 KiB holds thousands of unknown members; naming them all would make the answer larger than the question. */
const faultsMax = 20;
const textLengthMax = 200;
const amountMax = 1_000;
exports.identifierFault = 'must be 1 to 100 characters of A-Z a-z 0-9 _ -';
const isIdentifier = (value) => typeof value === 'string' && identifier.test(value);
exports.isIdentifier = isIdentifier;
/** `undefined` when `value` is text that a record may carry: not blank, bounded, encodable, without control characters. */
const textFault = (value, charactersMax = textLengthMax) => {
    if (typeof value !== 'string' || !notBlank.test(value))
        return 'must be text that is not blank';
    if (value.length > charactersMax && Array.from(value).length > charactersMax) {
        return `must not be longer than ${charactersMax} characters`;
    }
    if (controlCharacter.test(value))
        return 'must not hold control characters';
    return loneSurrogate.test(value) ? 'must be well-formed Unicode' : undefined;
};
exports.textFault = textFault;
/** Members by their snake_case names. Unknown ones, and one member under both its names, become faults. */
const takeMembers = (members, names, faults) => {
    const taken = new Map();
    for (const given of Object.keys(members)) {
        const name = names.get(given);
        if (name === undefined) {
            if (faults.length < faultsMax) {
                faults.push({
                    field: safeName.test(given) ? given : '(unknown)',
                    message: 'is not a member of this command',
                });
            }
        }
        else if (taken.has(name)) {
            faults.push({ field: name, message: 'is given twice, in snake_case and in camelCase' });
        }
        else {
            taken.set(name, members[given]);
        }
    }
    return taken;
};
exports.takeMembers = takeMembers;
const buyMembers = new Map([
    ['user_id', 'user_id'],
    ['userId', 'user_id'],
    ['item_id', 'item_id'],
    ['itemId', 'item_id'],
    ['amount', 'amount'],
    ['request_id', 'request_id'],
    ['requestId', 'request_id'],
    ['sales_channel', 'sales_channel'],
    ['salesChannel', 'sales_channel'],
]);
/** Channels come and go faster than clients and schemas are released: one that is not known yet is OTHER, not a fault. */
const knownChannels = new Map([
    ['web', 'WEB'],
    ['app', 'APP'],
    ['partner', 'PARTNER'],
]);
const isChannel = (value) => value === undefined || value === null || (0, exports.isIdentifier)(value);
const toChannel = (value) => typeof value === 'string' ? (knownChannels.get(value.toLowerCase()) ?? 'OTHER') : null;
const isAmount = (value) => typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= amountMax;
/** The command that a body asks for, or all of its faults at once. */
const readBuy = (members, context) => {
    const faults = [...context.faults];
    const taken = (0, exports.takeMembers)(members, buyMembers, faults);
    const userId = taken.has('user_id') ? taken.get('user_id') : context.buyer;
    const itemId = taken.get('item_id');
    const amount = taken.get('amount');
    const requestId = taken.get('request_id');
    const requestIdFault = (0, exports.textFault)(requestId);
    const channel = taken.get('sales_channel');
    if (!(0, exports.isIdentifier)(userId))
        faults.push({ field: 'user_id', message: exports.identifierFault });
    if (!(0, exports.isIdentifier)(itemId))
        faults.push({ field: 'item_id', message: exports.identifierFault });
    if (!isAmount(amount)) {
        faults.push({ field: 'amount', message: `must be an integer from 1 to ${amountMax}` });
    }
    if (requestIdFault !== undefined)
        faults.push({ field: 'request_id', message: requestIdFault });
    if (!isChannel(channel))
        faults.push({ field: 'sales_channel', message: exports.identifierFault });
    if (faults.length > 0)
        return { kind: 'faults', faults };
    if (context.buyer !== undefined && userId !== context.buyer)
        return { kind: 'other-buyer' };
    return {
        kind: 'command',
        command: {
            user_id: userId,
            item_id: itemId,
            amount: amount,
            request_id: requestId,
            sales_channel: toChannel(channel),
        },
    };
};
exports.readBuy = readBuy;
/** Equal if and only if two commands ask for the same: identifiers hold no colon, so no two orders share one text. */
const payloadOf = (command) => `${command.user_id}:${command.item_id}:${command.amount}:${command.sales_channel ?? ''}`;
exports.payloadOf = payloadOf;
exports.otherBuyer = {
    status: 403,
    error: 'OTHER_BUYER',
    title: 'The token belongs to another buyer',
    detail: 'Leave user_id out, or set it to the subject of the token.',
};
const invalidCommand = (faults) => ({
    status: 400,
    error: 'VALIDATION_FAILED',
    title: 'The command is not valid',
    detail: faults.length === 1 ? 'One member is at fault.' : `${faults.length} members are at fault.`,
    errors: faults,
});
exports.invalidCommand = invalidCommand;
const inFlight = (retryAfterMs) => ({
    status: 409,
    error: 'IN_FLIGHT',
    title: 'The same request is being handled',
    detail: 'The first copy of this request has no answer yet. Send it again after Retry-After seconds.',
    retryAfterSeconds: retryAfterMs / 1000,
});
exports.inFlight = inFlight;
exports.payloadMismatch = {
    status: 422,
    error: 'PAYLOAD_MISMATCH',
    title: 'This id was used for another request',
    detail: 'The id belongs to an earlier request with another body. Choose a new one.',
};
const rateLimited = (retryAfterMs) => ({
    status: 429,
    error: 'RATE_LIMITED',
    title: 'Too many requests of this user',
    detail: 'The limit counts what was asked within the last window. Send again after Retry-After seconds.',
    retryAfterSeconds: retryAfterMs / 1000,
});
const unavailableDetail = {
    'breaker-open': 'The log did not answer lately. The id stays usable: send the same request again.',
    overload: 'Too many requests wait. The id stays usable: send the same request again.',
    'not-in-log': 'The log did not take it. The id stays usable: send the same request again.',
    unknown: 'The log did not answer in time. Send the same request again: it takes effect only once.',
};
const unavailable = (reason, retryAfterMs) => ({
    status: 503,
    error: 'UNAVAILABLE',
    title: 'Commands cannot be taken at the moment',
    detail: unavailableDetail[reason],
    retryAfterSeconds: retryAfterMs / 1000,
});
exports.unavailable = unavailable;
/**
 * What a buyer is told. `asksForReplay`: an `Idempotency-Key` came along, so a repeat gets the first answer and not
 * a 409.
 */
const answerBuy = (submitted, asksForReplay) => {
    switch (submitted.kind) {
        case 'appended':
            return { kind: 'pending', first: submitted.first, quota: submitted.quota, replayed: false };
        case 'accepted':
            return asksForReplay
                ? { kind: 'pending', first: submitted.first, quota: undefined, replayed: true }
                : { kind: 'duplicate', first: submitted.first };
        case 'in-flight':
            return { kind: 'problem', problem: (0, exports.inFlight)(submitted.retryAfterMs) };
        case 'mismatch':
            return { kind: 'problem', problem: exports.payloadMismatch };
        case 'refused':
            return { kind: 'problem', problem: submitted.problem };
        case 'limited':
            return { kind: 'limited', problem: rateLimited(submitted.retryAfterMs) };
        case 'unavailable':
            return { kind: 'problem', problem: (0, exports.unavailable)(submitted.reason, submitted.retryAfterMs) };
    }
};
exports.answerBuy = answerBuy;
//# sourceMappingURL=buy.js.map