"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.RedrivenRecords = void 0;
const log_1 = require("../../chassis/kafka/log");
const dead_letter_1 = require("../../schemas/dead-letter");
const topics_1 = require("../../schemas/topics");
const redrivenTopics = [topics_1.topics.orderRequests.name, topics_1.topics.stockAdjustments.name];
/**
 * What of one command stands in the topics that letters are redriven to. Each look goes on where the last one ended: at
 * thousands of orders a second a look from the command's own place would be longer with each try.
 */
class RedrivenRecords {
    #parts;
    #commandId;
    #next = new Map();
    #subjects = new Map();
    constructor(parts, { command_id, log_ends }) {
        this.#parts = parts;
        this.#commandId = command_id;
        const ends = log_ends.flatMap((text) => (0, log_1.parsePosition)(text) ?? []);
        for (const name of redrivenTopics) {
            const own = ends.filter(({ topic }) => topic === name);
            this.#next.set(name, new Map(own.map(({ partition, offset }) => [partition, offset])));
        }
    }
    /** Letters that were appended up to now, each with what it is about. @throws InfrastructureError */
    async find() {
        for (const [topic, next] of this.#next) {
            await this.#parts.reader.read({
                topic,
                from: new Map(next),
                onRecords: (records) => {
                    for (const record of records) {
                        this.#note(record);
                        next.set(record.partition, record.offset + 1);
                    }
                },
            });
        }
        return this.#subjects;
    }
    #note(record) {
        const redrive = (0, dead_letter_1.readRedrive)(record.headers);
        if (redrive?.commandId !== this.#commandId)
            return;
        const topic = record.topic;
        const decoded = this.#parts.codec.decode(topic, record.value);
        const event = decoded.kind === 'event' ? decoded.event : undefined;
        this.#subjects.set((0, log_1.formatPosition)(redrive.letter), (0, dead_letter_1.subjectOf)(topic, record.key, event) ?? null);
    }
}
exports.RedrivenRecords = RedrivenRecords;
//# sourceMappingURL=redriven-records.js.map