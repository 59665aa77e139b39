"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.Lockstep = void 0;
/**
 * Brings several streams forward side by side: `combine` gets equally many items of every stream that still has
 * some, however large the pieces are in which they are offered. A stream whose items are used up is asked for more
 * before the others go on.
 */
class Lockstep {
    #combine;
    #itemsMax;
    #streams;
    #isCombining = false;
    #failure;
    /** `itemsMax` bounds how many items of one stream are combined at once. */
    constructor(streams, itemsMax, combine) {
        this.#combine = combine;
        this.#itemsMax = itemsMax;
        this.#streams = Array.from({ length: streams }, () => ({
            items: [],
            isOpen: true,
            accept: undefined,
            refuse: undefined,
        }));
    }
    /** Resolves when all the items were combined. Rejects as `combine` does, or as another stream failed. */
    offer(index, items) {
        if (this.#failure)
            return Promise.reject(this.#failure);
        return new Promise((resolve, reject) => {
            const stream = this.#at(index);
            stream.items = items;
            stream.accept = resolve;
            stream.refuse = reject;
            void this.#advance();
        });
    }
    /** The stream has no more; the others go on without it. */
    end(index) {
        this.#at(index).isOpen = false;
        void this.#advance();
    }
    /** Nothing more is combined; whoever waits is told. */
    fail(error) {
        const failure = error instanceof Error ? error : new Error(String(error));
        this.#failure ??= failure;
        for (const stream of this.#streams)
            stream.refuse?.(failure);
    }
    #at(index) {
        const stream = this.#streams[index];
        if (stream === undefined)
            throw new RangeError(`there is no stream ${index}`);
        return stream;
    }
    async #advance() {
        if (this.#isCombining)
            return;
        this.#isCombining = true;
        try {
            while (this.#failure === undefined && this.#isReady())
                await this.#step();
        }
        catch (error) {
            this.fail(error);
        }
        this.#isCombining = false;
    }
    #isReady() {
        const filled = this.#streams.filter(({ items }) => items.length > 0);
        return filled.length > 0 && this.#streams.every(({ items, isOpen }) => items.length > 0 || !isOpen);
    }
    async #step() {
        const filled = this.#streams.filter(({ items }) => items.length > 0);
        const count = Math.min(this.#itemsMax, ...filled.map(({ items }) => items.length));
        await this.#combine(filled.map(({ items }) => items.slice(0, count)));
        for (const stream of filled) {
            stream.items = stream.items.slice(count);
            if (stream.items.length === 0)
                stream.accept?.();
        }
    }
}
exports.Lockstep = Lockstep;
//# sourceMappingURL=lockstep.js.map