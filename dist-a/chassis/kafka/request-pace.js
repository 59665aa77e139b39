"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.RequestPace = void 0;
/**
 * When the next request may begin: `everyMs` after the last one began, so that what comes meanwhile goes with it, or as
 * soon as somebody hurries it. After a quiet time at once.
 */
class RequestPace {
    #everyMs;
    #beganAtMs = Number.NEGATIVE_INFINITY;
    #hurry;
    constructor(everyMs) {
        this.#everyMs = everyMs;
    }
    noteBegin() {
        this.#beganAtMs = performance.now();
    }
    /** One turn of the event loop at least: what it has in hand goes with the request. */
    turn(isUrgent) {
        const earlyMs = this.#beganAtMs + this.#everyMs - performance.now();
        return new Promise((resolve) => {
            if (earlyMs <= 0 || isUrgent) {
                setImmediate(resolve);
                return;
            }
            const timer = setTimeout(() => this.#hurry?.(), earlyMs);
            this.#hurry = () => {
                this.#hurry = undefined;
                clearTimeout(timer);
                setImmediate(resolve);
            };
        });
    }
    /** Ends a wait for the turn. */
    hurry() {
        this.#hurry?.();
    }
}
exports.RequestPace = RequestPace;
//# sourceMappingURL=request-pace.js.map