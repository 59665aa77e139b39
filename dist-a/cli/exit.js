"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.wrongUsage = exports.couldNot = exports.saysNo = exports.CommandEnd = exports.exitCodes = void 0;
/** What a script may rely on; `docs/cli.md` says what each means for each command. */
exports.exitCodes = {
    /** Done, or the answer is yes. */
    done: 0,
    /** The answer is no: not found, refused, differences, not well. Nothing was left half done. */
    no: 1,
    /** It could not be done or told: a server does not answer, a setting or a tool is missing. */
    couldNot: 2,
    usage: 64,
    interrupted: 130,
};
/** A command that ends for a reason its message explains; no stack trace is wanted. */
class CommandEnd extends Error {
    name = 'CommandEnd';
    code;
    constructor(code, message) {
        super(message);
        this.code = code;
    }
}
exports.CommandEnd = CommandEnd;
const saysNo = (message) => new CommandEnd(exports.exitCodes.no, message);
exports.saysNo = saysNo;
const couldNot = (message) => new CommandEnd(exports.exitCodes.couldNot, message);
exports.couldNot = couldNot;
const wrongUsage = (message) => new CommandEnd(exports.exitCodes.usage, message);
exports.wrongUsage = wrongUsage;
//# sourceMappingURL=exit.js.map