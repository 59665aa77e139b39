"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.parseMembers = void 0;
const node_buffer_1 = require("node:buffer");
const depthMax = 8;
const quote = 34;
const backslash = 92;
const colon = 58;
const openBrace = 123;
const openBracket = 91;
const closeBrace = 125;
const closeBracket = 93;
/** Where the string that opens at `at` closes, in text that is JSON. */
const endOfString = (text, at) => {
    let end = at + 1;
    for (let code = text.charCodeAt(end); code !== quote; code = text.charCodeAt(end)) {
        end += code === backslash ? 2 : 1;
    }
    return end;
};
/** Of text that is JSON: how many members the outer object is given, repeated ones included, and how deep it nests. */
const shapeOf = (text) => {
    let members = 0;
    let depth = 0;
    let deepest = 0;
    for (let at = 0; at < text.length; at += 1) {
        const code = text.charCodeAt(at);
        if (code === quote)
            at = endOfString(text, at);
        else if (code === colon && depth === 1)
            members += 1;
        else if (code === openBrace || code === openBracket)
            deepest = Math.max(deepest, (depth += 1));
        else if (code === closeBrace || code === closeBracket)
            depth -= 1;
    }
    return { members, depth: deepest };
};
const malformed = (detail) => ({ kind: 'malformed', detail });
/**
 * Reads one JSON object strictly: valid UTF-8, no member given twice (`JSON.parse` keeps the last one, a proxy in
 * front may keep the first: two readers, two orders), no deep nesting. `__proto__` is a member like any other.
 */
const parseMembers = (bytes) => {
    if (bytes.length === 0)
        return malformed('The body is empty.');
    if (!(0, node_buffer_1.isUtf8)(bytes))
        return malformed('The body is not UTF-8.');
    const text = bytes.toString('utf8');
    let value;
    try {
        value = JSON.parse(text);
    }
    catch {
        return malformed('The body is not JSON.');
    }
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
        return malformed('The body must be one JSON object.');
    }
    const shape = shapeOf(text);
    if (shape.depth > depthMax)
        return malformed('The body is nested too deeply.');
    if (shape.members !== Object.keys(value).length)
        return malformed('A member is given twice.');
    return { kind: 'members', members: value };
};
exports.parseMembers = parseMembers;
//# sourceMappingURL=json-members.js.map