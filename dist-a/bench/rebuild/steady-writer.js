"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.SteadyWriter = void 0;
const deadline_1 = require("../../chassis/deadline");
const order_events_1 = require("../order-events");
const tickMs = 20;
/** About what a saga with a quick payment provider takes. */
const decidedAfterMs = 200;
/** Writes orders at a steady pace as the services do, a request first and its outcome a little later. */
class SteadyWriter {
    #producer;
    #codec;
    #perSecond;
    #stopped = new AbortController();
    #first;
    #onAccepted;
    #next;
    #undecided = [];
    #work;
    constructor(options) {
        this.#producer = options.producer;
        this.#codec = options.codec;
        this.#perSecond = options.perSecond;
        this.#first = options.from;
        this.#next = options.from;
        this.#onAccepted = options.onAccepted;
    }
    /** Orders below this number have their request in the log. */
    get end() {
        return this.#next;
    }
    start() {
        this.#work = this.#write();
    }
    /** Ends the writing once every order has its outcome. @throws when a record was not acknowledged. */
    async stop() {
        this.#stopped.abort();
        await this.#work;
    }
    async #write() {
        const startedAtMs = performance.now();
        while (!this.#stopped.signal.aborted || this.#undecided.length > 0) {
            const nowMs = performance.now();
            const due = this.#first + Math.floor(((nowMs - startedAtMs) / 1000) * this.#perSecond);
            const requested = [];
            while (this.#next + requested.length < due && !this.#stopped.signal.aborted) {
                requested.push(this.#next + requested.length);
            }
            const requests = requested.map((number) => (0, order_events_1.requestOf)(this.#codec, number));
            const places = await (0, order_events_1.append)(this.#producer, [...requests, ...this.#outcomesDue(nowMs)]);
            await this.#onAccepted(requested.map((number, at) => ({ number, ...places[at] })));
            for (const number of requested)
                this.#undecided.push({ number, dueAtMs: nowMs + decidedAfterMs });
            this.#next += requested.length;
            await (0, deadline_1.pause)(tickMs);
        }
    }
    #outcomesDue(nowMs) {
        const due = this.#undecided.filter(({ dueAtMs }) => dueAtMs <= nowMs);
        this.#undecided = this.#undecided.filter(({ dueAtMs }) => dueAtMs > nowMs);
        return due.map(({ number }) => (0, order_events_1.outcomeOf)(this.#codec, number));
    }
}
exports.SteadyWriter = SteadyWriter;
//# sourceMappingURL=steady-writer.js.map