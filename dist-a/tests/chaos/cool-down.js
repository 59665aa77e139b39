"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.warmUp = exports.coolDown = exports.isBack = exports.always = exports.never = void 0;
const deadline_1 = require("../../chassis/deadline");
const windowMs = 5_000;
const lookEveryMs = 250;
/** More than the nine tenths that the bound asks for: the checker's window lies elsewhere by up to two looks. */
const share = 0.95;
const never = () => false;
exports.never = never;
const always = () => true;
exports.always = always;
/**
 * Whether orders are accepted at nearly the pace at which buyers press, over the last 5 s. To be asked again and again; it never is
 * before it was asked for 5 s.
 */
const isBack = (history, ordersPerSecond) => {
    const looks = [];
    return (nowMs) => {
        looks.push({ atMs: nowMs, accepted: history.counts()['buy ok'] ?? 0 });
        const since = looks.findLast(({ atMs }) => atMs <= nowMs - windowMs);
        if (!since)
            return false;
        const accepted = (looks.at(-1)?.accepted ?? 0) - since.accepted;
        return accepted >= (share * ordersPerSecond * (nowMs - since.atMs)) / 1000;
    };
};
exports.isBack = isBack;
/** Waits, but no longer than until `isOver`. */
const coolDown = async (longestMs, isOver) => {
    const endsAtMs = performance.now() + longestMs;
    while (performance.now() < endsAtMs) {
        if (isOver(performance.now())) {
            await (0, deadline_1.pause)(2 * lookEveryMs);
            return;
        }
        await (0, deadline_1.pause)(Math.min(lookEveryMs, endsAtMs - performance.now()));
    }
};
exports.coolDown = coolDown;
/** Three systems that start at once do not accept at their pace for a while; then there is nothing to compare with. */
const warmUpLongestMs = 40_000;
/** Waits for `leastMs`, and on until orders are accepted at their pace, but not for ever: the checker says then that it cannot tell. */
const warmUp = async (leastMs, isWarm) => {
    const startedAtMs = performance.now();
    await (0, exports.coolDown)(Math.max(leastMs, warmUpLongestMs), (nowMs) => isWarm(nowMs) && nowMs - startedAtMs >= leastMs);
};
exports.warmUp = warmUp;
//# sourceMappingURL=cool-down.js.map