"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.pause = void 0;
const promises_1 = require("node:timers/promises");
/** Waits, unless the signal aborts first; never rejects. */
const pause = async (milliseconds, signal) => {
    await (0, promises_1.setTimeout)(milliseconds, undefined, { signal }).catch(() => undefined);
};
exports.pause = pause;
//# sourceMappingURL=pause.js.map