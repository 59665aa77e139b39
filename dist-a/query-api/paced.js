"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.paced = void 0;
/** A read takes this share of the time at most, however slow it has become. */
const share = 1 / 20;
/**
 * Gives what `read` gave last until it may be asked again: after 20 times as long as it took. Counting ten thousand
 * letters takes 50 ms and is done every second; a million letters are counted less often, and hold up nobody.
 * @param clock milliseconds, never going back
 */
const paced = (read, clock) => {
    let last;
    return async () => {
        const startedAtMs = clock();
        if (last && startedAtMs < last.untilMs)
            return last.value;
        const value = await read();
        const endedAtMs = clock();
        last = { value, untilMs: startedAtMs + (endedAtMs - startedAtMs) / share };
        return value;
    };
};
exports.paced = paced;
//# sourceMappingURL=paced.js.map