"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.eventually = void 0;
const deadline_1 = require("../../chassis/deadline");
/**
 * Tries until `check` neither throws nor rejects, and gives its value. After `withinMs` it fails with the last
 * error of `check`, so a test reports what was still wrong. Every try is awaited: give calls inside it a deadline.
 */
const eventually = async (check, { withinMs = 10_000, everyMs = 50 } = {}) => {
    const endsAtMs = performance.now() + withinMs;
    for (;;) {
        try {
            return await check();
        }
        catch (error) {
            if (performance.now() >= endsAtMs)
                throw error;
            await (0, deadline_1.pause)(everyMs);
        }
    }
};
exports.eventually = eventually;
//# sourceMappingURL=eventually.js.map