"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.readMembers = void 0;
const problem_1 = require("../chassis/http/problem");
const read_body_1 = require("../chassis/http/read-body");
const json_members_1 = require("./json-members");
const request_body_1 = require("./request-body");
const bytesOf = (request) => new Promise((resolve) => (0, read_body_1.readBody)(request, request_body_1.bodyBytesMax, resolve));
/** The members of a request's body. @throws ProblemError 400, 413 or 415. */
const readMembers = async (request) => {
    const fault = (0, request_body_1.headersFault)(request);
    if (fault)
        throw new problem_1.ProblemError(fault);
    const bytes = await bytesOf(request);
    if (bytes === undefined)
        throw new problem_1.ProblemError(request_body_1.tooLarge);
    const parsed = (0, json_members_1.parseMembers)(bytes);
    if (parsed.kind === 'malformed')
        throw new problem_1.ProblemError((0, request_body_1.malformed)(parsed.detail));
    return parsed.members;
};
exports.readMembers = readMembers;
//# sourceMappingURL=read-members.js.map