"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.LetterLedger = void 0;
const command_digest_1 = require("../../schemas/command-digest");
const events_1 = require("../../schemas/events");
const topics_1 = require("../../schemas/topics");
/** Lists of up to 10,000 ids are kept for this many dry runs; an older plan is made anew. */
const plansMax = 100;
/**
 * Every command on dead letters, folded from its topic: what was ordered, and what of it is done. The first of two
 * with one command_id counts. There is nothing in here that the log does not hold.
 */
class LetterLedger {
    #parts;
    #plans = new Map();
    #entries = new Map();
    #open = new Map();
    #next = 0;
    #reading = Promise.resolve();
    constructor(parts) {
        this.#parts = parts;
    }
    /** Reads to the end of the topic as it is now. @throws InfrastructureError when Kafka or the registry does not answer. */
    catchUp() {
        const reading = this.#reading.catch(() => undefined).then(() => this.#readOn());
        this.#reading = reading;
        return reading;
    }
    plan(planId) {
        return this.#plans.get(planId);
    }
    find(commandId) {
        return this.#entries.get(commandId);
    }
    /** Oldest first. */
    open() {
        return [...this.#open.values()];
    }
    async #readOn() {
        const { reader, admin } = this.#parts;
        const topic = topics_1.topics.deadLetterCommands.name;
        const [range] = await admin.ranges(topic);
        if (range === undefined || range.high <= this.#next)
            return;
        await reader.read({
            topic,
            from: new Map([[0, Math.max(range.low, this.#next)]]),
            to: new Map([[0, range.high]]),
            onRecords: async (records) => {
                for (const record of records)
                    await this.#take(record);
            },
        });
    }
    async #take(record) {
        const { codec } = this.#parts;
        let decoded = codec.decode(topics_1.topics.deadLetterCommands.name, record.value);
        if (decoded.kind === 'unknown-schema') {
            await codec.learn(decoded.schemaId);
            decoded = codec.decode(topics_1.topics.deadLetterCommands.name, record.value);
        }
        if (decoded.kind === 'event' && (0, events_1.isLetterEvent)(decoded.event)) {
            this.#apply(decoded.event, (0, command_digest_1.readDigest)(record.headers));
        }
        this.#next = record.offset + 1;
    }
    #apply(event, digest) {
        switch (event.type) {
            case 'LettersPlanned':
                this.#keepPlan(event.plan_id, event.letters);
                return;
            case 'RedriveOrdered':
                if (this.#entries.has(event.command_id))
                    return;
                this.#entries.set(event.command_id, { kind: 'redrive', letters: event.letters.length, digest });
                this.#open.set(event.command_id, { order: event, done: new Set() });
                return;
            case 'LettersDiscarded':
                if (this.#entries.has(event.command_id))
                    return;
                this.#entries.set(event.command_id, { kind: 'discard', letters: event.letters.length, digest });
                return;
            case 'LettersRedriven': {
                const redrive = this.#open.get(event.command_id);
                if (redrive === undefined)
                    return;
                for (const { letter } of event.results)
                    redrive.done.add(letter);
                if (redrive.done.size >= redrive.order.letters.length)
                    this.#open.delete(event.command_id);
            }
        }
    }
    #keepPlan(planId, letters) {
        if (this.#plans.has(planId))
            return;
        this.#plans.set(planId, letters);
        const [oldest] = this.#plans.keys();
        if (this.#plans.size > plansMax && oldest !== undefined)
            this.#plans.delete(oldest);
    }
}
exports.LetterLedger = LetterLedger;
//# sourceMappingURL=letter-ledger.js.map