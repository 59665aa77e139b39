"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.letterGroup = void 0;
const node_crypto_1 = require("node:crypto");
/** What differs between two failures of one kind: quoted text, and every word that holds a digit. */
const particular = /"[^"]*"|[^\s:;,()]*\d[^\s:;,()]*/g;
/**
 * The fingerprint of a failure: letters of one topic with one reason and one message, particulars aside, are a group.
 * 16 hexadecimal digits. Who gave up is no part of it: the saga and the projector park the same record.
 */
const letterGroup = ({ source, reason, detail, }) => (0, node_crypto_1.hash)('sha256', [source.topic, reason, detail.replaceAll(particular, '*')].join('\n'), 'hex').slice(0, 16);
exports.letterGroup = letterGroup;
//# sourceMappingURL=letter-group.js.map