"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.createGroupCommit = void 0;
const deadline_1 = require("../chassis/deadline");
/**
 * One batch at a time, each with everything that waits by then: at a trickle an item is committed at once, under
 * load many share the cost of one commit, as many as come in `everyMs`. What waits is bounded by the callers, each of
 * which waits for its item.
 */
const createGroupCommit = (options) => {
    let waiting = [];
    let busy = false;
    let nextAtMs = 0;
    const take = () => {
        const taken = new Map();
        const rest = [];
        let size = 0;
        for (const one of waiting) {
            const key = options.keyOf(one.item);
            const added = options.sizeOf(one.item);
            if (taken.has(key) || (taken.size > 0 && size + added > options.sizeMax)) {
                rest.push(one);
            }
            else {
                taken.set(key, one);
                size += added;
            }
        }
        waiting = rest;
        return [...taken.values()];
    };
    const drain = async () => {
        if (busy)
            return;
        busy = true;
        while (waiting.length > 0) {
            const earlyMs = nextAtMs - performance.now();
            if (earlyMs > 0)
                await (0, deadline_1.pause)(earlyMs);
            nextAtMs = performance.now() + options.everyMs;
            await options.commit(take());
        }
        busy = false;
    };
    return (item) => new Promise((resolve, reject) => {
        waiting.push({ item, resolve, reject });
        void drain();
    });
};
exports.createGroupCommit = createGroupCommit;
//# sourceMappingURL=group-commit.js.map