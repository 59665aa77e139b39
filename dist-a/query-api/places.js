"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.Places = void 0;
/** So many may wait at once, whatever it is that each of them waits for. */
class Places {
    #max;
    #taken = 0;
    constructor(max) {
        this.#max = max;
    }
    get taken() {
        return this.#taken;
    }
    /** False when none is left. Who takes one frees it. */
    take() {
        if (this.#taken >= this.#max)
            return false;
        this.#taken += 1;
        return true;
    }
    free() {
        this.#taken -= 1;
    }
}
exports.Places = Places;
//# sourceMappingURL=places.js.map