"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.isOtherCommand = exports.readDigest = exports.toDigestHeader = exports.digestOf = void 0;
const node_crypto_1 = require("node:crypto");
const header = 'command-digest';
/** 64 bits: enough against a mistake, and a ledger keeps one for every command there ever was. */
const charactersMax = 11;
/**
 * What an operator asked for, in a header beside the event that it became: an event says what came of a command, and a
 * filter or a quantity cannot be read back from that. Whoever changes how a payload is written makes repeats of older
 * commands look like other ones.
 */
const digestOf = (payload) => (0, node_crypto_1.createHash)('sha256').update(payload).digest('base64url').slice(0, charactersMax);
exports.digestOf = digestOf;
const toDigestHeader = (payload) => ({ [header]: (0, exports.digestOf)(payload) });
exports.toDigestHeader = toDigestHeader;
/** Undefined for a record of a release that wrote none. Total. */
const readDigest = (headers) => {
    const value = headers[header];
    const text = value === undefined ? '' : Buffer.from(value).toString('latin1');
    return text.length === charactersMax ? text : undefined;
};
exports.readDigest = readDigest;
/** Whether a command_id was used for something else before. What was not written down is taken for the same. */
const isOtherCommand = (recorded, payload) => recorded !== undefined && recorded !== (0, exports.digestOf)(payload);
exports.isOtherCommand = isOtherCommand;
//# sourceMappingURL=command-digest.js.map