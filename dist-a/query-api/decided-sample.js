"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.DecidedSample = void 0;
/** More keys than this say nothing more about a second's percentiles, and cost a lookup each. */
const keysMax = 300;
/** Keys of orders that were decided lately: the first few hundred since they were taken last. */
class DecidedSample {
    #keys = [];
    add(keys) {
        const free = keysMax - this.#keys.length;
        if (free > 0)
            this.#keys.push(...keys.slice(0, free));
    }
    take() {
        const keys = this.#keys;
        this.#keys = [];
        return keys;
    }
}
exports.DecidedSample = DecidedSample;
//# sourceMappingURL=decided-sample.js.map