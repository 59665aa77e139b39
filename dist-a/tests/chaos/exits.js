"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.createExitAllowance = exports.isAsAsked = void 0;
/** An end that was asked for by a signal is as asked when the process died of it, or left politely. */
const isAsAsked = ({ code, signal }, asked) => signal === asked || (asked === 'SIGTERM' && code === 0);
exports.isAsAsked = isAsAsked;
const loopMs = 60_000;
/** A broker that is restarted twice within a minute may cost a service two ends. */
const ownEndsMax = 3;
/**
 * Whether an end that nobody asked for is one that the scenario allows: by one of these codes, and not in a loop. A service
 * that ends itself is started again at once, so a fourth end within a minute says that ending helps nothing.
 */
const createExitAllowance = (codes) => {
    const ends = new Map();
    return (process, code, atMs) => {
        if (code === null || !codes.includes(code))
            return false;
        const recent = [...(ends.get(process) ?? []).filter((earlierMs) => atMs - earlierMs < loopMs), atMs];
        ends.set(process, recent);
        return recent.length <= ownEndsMax;
    };
};
exports.createExitAllowance = createExitAllowance;
//# sourceMappingURL=exits.js.map