"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.WaitingRoom = void 0;
const noPlace = { next: () => Promise.resolve('full'), leave: () => undefined };
class Waiter {
    #onLeave;
    #timer;
    #unseen;
    #settle;
    #isOver = false;
    constructor(timeoutMs, onLeave) {
        this.#onLeave = onLeave;
        this.#timer = setTimeout(() => this.leave(), timeoutMs);
    }
    next() {
        const unseen = this.#unseen ?? (this.#isOver ? 'timeout' : undefined);
        this.#unseen = undefined;
        if (unseen !== undefined)
            return Promise.resolve(unseen);
        return new Promise((resolve) => {
            this.#settle = resolve;
        });
    }
    leave() {
        if (this.#isOver)
            return;
        this.#isOver = true;
        clearTimeout(this.#timer);
        this.#onLeave(this);
        this.tell('timeout');
    }
    tell(woken) {
        const settle = this.#settle;
        this.#settle = undefined;
        if (settle)
            settle(woken);
        else if (!this.#isOver)
            this.#unseen = woken;
    }
}
/**
 * Those who wait for an order to become terminal: any number for one order, bounded in all. Somebody who finds the
 * room full is told so at once.
 */
class WaitingRoom {
    #places;
    #waiters = new Map();
    #isClosed = false;
    constructor(places) {
        this.#places = places;
    }
    /** Orders somebody waits for. */
    keys() {
        return [...this.#waiters.keys()];
    }
    /**
     * Takes a place to wait for an order to move, for `timeoutMs` at most. Take it before reading the order: a move
     * between reading and waiting would be missed.
     */
    enter(key, timeoutMs) {
        if (this.#isClosed || !this.#places.take())
            return noPlace;
        const waiter = new Waiter(timeoutMs, (left) => this.#remove(key, left));
        const waiters = this.#waiters.get(key);
        if (waiters)
            waiters.add(waiter);
        else
            this.#waiters.set(key, new Set([waiter]));
        return waiter;
    }
    /** Nobody waits any more, and nobody will: whoever is here is answered as things stand. */
    close() {
        this.#isClosed = true;
        for (const waiters of [...this.#waiters.values()]) {
            for (const waiter of [...waiters])
                waiter.leave();
        }
    }
    wake(keys) {
        for (const key of keys) {
            const waiters = this.#waiters.get(key);
            if (waiters === undefined)
                continue;
            const news = { key };
            for (const waiter of waiters)
                waiter.tell(news);
        }
    }
    #remove(key, waiter) {
        const waiters = this.#waiters.get(key);
        if (!waiters?.delete(waiter))
            return;
        this.#places.free();
        if (waiters.size === 0)
            this.#waiters.delete(key);
    }
}
exports.WaitingRoom = WaitingRoom;
//# sourceMappingURL=waiting-room.js.map