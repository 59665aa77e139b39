"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.harmless = exports.padStart = exports.padEnd = exports.widthOf = exports.plain = exports.coloured = void 0;
const node_util_1 = require("node:util");
const code = (open, close) => (text) => `\u001b[${open}m${text}\u001b[${close}m`;
const same = (text) => text;
exports.coloured = {
    bold: code(1, 22),
    dim: code(2, 22),
    good: code(32, 39),
    bad: code(31, 39),
    warn: code(33, 39),
};
exports.plain = { bold: same, dim: same, good: same, bad: same, warn: same };
/** How many columns a text takes, as far as one code point is one column. */
const widthOf = (text) => Array.from((0, node_util_1.stripVTControlCharacters)(text)).length;
exports.widthOf = widthOf;
const padEnd = (text, width) => text + ' '.repeat(Math.max(0, width - (0, exports.widthOf)(text)));
exports.padEnd = padEnd;
const padStart = (text, width) => ' '.repeat(Math.max(0, width - (0, exports.widthOf)(text))) + text;
exports.padStart = padStart;
/** What others wrote (keys, reasons, details) may hold control characters; a terminal must not obey them. */
const harmless = (text) => text.replaceAll(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g, '\uFFFD');
exports.harmless = harmless;
//# sourceMappingURL=paint.js.map