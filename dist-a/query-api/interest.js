"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.lasting = exports.ClientInterest = void 0;
class ClientInterest {
    #listeners = [];
    #isLost = false;
    get isLost() {
        return this.#isLost;
    }
    onLost(listener) {
        if (this.#isLost)
            listener();
        else
            this.#listeners.push(listener);
    }
    lose() {
        this.#isLost = true;
        for (const listener of this.#listeners.splice(0))
            listener();
    }
}
exports.ClientInterest = ClientInterest;
/** Of somebody who is answered at once. */
exports.lasting = { isLost: false, onLost: () => undefined };
//# sourceMappingURL=interest.js.map