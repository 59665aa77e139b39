"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.ViewProgress = void 0;
const interest_1 = require("./interest");
const placeOf = (topic, partition) => `${topic}:${partition}`;
/** How far the orders view has come, partition by partition, and those who wait for it to come further. */
class ViewProgress {
    #nexts = new Map();
    #waiters = new Map();
    #places;
    #isClosed = false;
    /** Whoever waits takes one of `places`. */
    constructor(places) {
        this.#places = places;
    }
    /** What `next` says now, by `topic:partition`. */
    all() {
        return new Map(this.#nexts);
    }
    /** The offset the view waits for; 0 when it has not begun the partition, as far as we know. */
    next(topic, partition) {
        return this.#nexts.get(placeOf(topic, partition)) ?? 0;
    }
    /** Notes how far the view is. A smaller offset than before is believed too: a view may be built anew. */
    set(topic, partition, next) {
        const place = placeOf(topic, partition);
        this.#nexts.set(place, next);
        for (const waiter of [...(this.#waiters.get(place) ?? [])]) {
            if (waiter.next <= next)
                waiter.settle('reached');
        }
    }
    /** Nobody waits any more, and nobody will: whoever is here is answered as things stand. */
    close() {
        this.#isClosed = true;
        for (const waiters of [...this.#waiters.values()]) {
            for (const waiter of [...waiters])
                waiter.settle('full');
        }
    }
    /** Settles once the view waits for `next` or a later offset, after `timeoutMs`, or when nobody is interested. */
    reach(place, timeoutMs, interest = interest_1.lasting) {
        const { topic, partition, next } = place;
        if (this.next(topic, partition) >= next)
            return Promise.resolve('reached');
        if (this.#isClosed || !this.#places.take())
            return Promise.resolve('full');
        const name = placeOf(topic, partition);
        return new Promise((resolve) => {
            const giveUp = () => waiter.settle('not-reached');
            const timer = setTimeout(giveUp, timeoutMs);
            const waiter = {
                next,
                settle: (reached) => {
                    clearTimeout(timer);
                    if (this.#waiters.get(name)?.delete(waiter) === true)
                        this.#places.free();
                    resolve(reached);
                },
            };
            const waiters = this.#waiters.get(name) ?? new Set();
            this.#waiters.set(name, waiters.add(waiter));
            interest.onLost(giveUp);
        });
    }
}
exports.ViewProgress = ViewProgress;
//# sourceMappingURL=view-progress.js.map