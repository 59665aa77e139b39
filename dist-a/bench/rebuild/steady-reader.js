"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.SteadyReader = void 0;
const deadline_1 = require("../../chassis/deadline");
const raw_reader_1 = require("../../tests/support/raw-reader");
const order_events_1 = require("../order-events");
const judge_1 = require("./judge");
const connections = 32;
const answersWithinMs = 10_000;
const tickMs = 5;
const itemEvery = 20;
const recentOrders = 2_000;
/** Reads at a steady pace, whatever the answers take: half of them new orders, which change while they are read. */
class SteadyReader {
    #url;
    #perSecond;
    #ordersNow;
    #judge = new judge_1.ReadJudge();
    #stopped = new AbortController();
    #idle = [];
    #waiting = [];
    #sockets = [];
    #reads = [];
    #failed = [];
    #wentBack = [];
    #stale = 0;
    #underWay = 0;
    #work;
    /** @param ordersNow orders below this number are in the log */
    constructor(url, perSecond, ordersNow) {
        this.#url = new URL(url);
        this.#perSecond = perSecond;
        this.#ordersNow = ordersNow;
    }
    async start() {
        for (let opened = 0; opened < connections; opened += 1)
            await this.#open();
        this.#work = this.#ask();
    }
    /** Waits for the answers that are under way; one that does not come within 10 s is a failed read. */
    async stop() {
        this.#stopped.abort();
        const late = new AbortController();
        await Promise.race([this.#work, (0, deadline_1.pause)(answersWithinMs, late.signal)]);
        late.abort();
        if (this.#underWay > 0)
            this.#failed.push(`${this.#underWay} reads without an answer`);
        this.#underWay = 0;
        await this.#work;
        for (const socket of this.#sockets)
            socket.destroy();
        return { reads: this.#reads, failed: this.#failed, wentBack: this.#wentBack, stale: this.#stale };
    }
    async #open() {
        let settle = () => undefined;
        const socket = await (0, raw_reader_1.openReader)(this.#url, (answer) => settle(answer));
        socket.on('close', () => {
            if (!this.#stopped.signal.aborted)
                this.#failed.push('the server closed a connection');
        });
        this.#sockets.push(socket);
        const ask = (question, dueAtMs) => {
            settle = (answer) => {
                this.#take(question, answer, dueAtMs);
                const next = this.#waiting.shift();
                if (next)
                    ask(next.question, next.dueAtMs);
                else
                    this.#idle.push(ask);
            };
            socket.write((0, raw_reader_1.requestText)(this.#url, question.path), 'latin1');
        };
        this.#idle.push(ask);
    }
    #take(question, answer, dueAtMs) {
        this.#underWay -= 1;
        this.#reads.push({ dueAtMs, tookMs: performance.now() - dueAtMs });
        if (answer.includes('"stale":true'))
            this.#stale += 1;
        const verdict = question.judge(answer);
        if (verdict.kind === 'failed')
            this.#failed.push(verdict.why);
        if (verdict.kind === 'went-back')
            this.#wentBack.push(verdict.why);
    }
    async #ask() {
        const startedAtMs = performance.now();
        for (let asked = 0; !this.#stopped.signal.aborted || this.#underWay > 0;) {
            const nowMs = performance.now();
            const due = Math.floor(((nowMs - startedAtMs) / 1000) * this.#perSecond);
            for (; asked < due && !this.#stopped.signal.aborted; asked += 1) {
                const question = this.#question(asked);
                this.#underWay += 1;
                const dueAtMs = startedAtMs + (asked / this.#perSecond) * 1000;
                // In turns: one that rests for 5 s is closed by the server, as it should be.
                const ask = this.#idle.shift();
                if (ask)
                    ask(question, dueAtMs);
                else
                    this.#waiting.push({ question, dueAtMs });
            }
            await (0, deadline_1.pause)(tickMs);
        }
    }
    #question(number) {
        const orders = this.#ordersNow();
        if (number % itemEvery === 0) {
            const id = (0, order_events_1.itemIdOf)(Math.floor(Math.random() * orders));
            return { path: `/items/${id}`, judge: (answer) => this.#judge.item(id, answer) };
        }
        const from = number % 2 === 0 ? Math.max(0, orders - recentOrders) : 0;
        const id = (0, order_events_1.orderIdOf)(from + Math.floor(Math.random() * (orders - from)));
        return { path: `/orders/${id}`, judge: (answer) => this.#judge.order(id, answer) };
    }
}
exports.SteadyReader = SteadyReader;
//# sourceMappingURL=steady-reader.js.map