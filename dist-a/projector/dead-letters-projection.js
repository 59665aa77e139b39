"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.createDeadLettersProjection = void 0;
const log_1 = require("../chassis/kafka/log");
const today_1 = require("../migrations/views/today");
const dead_letter_1 = require("../schemas/dead-letter");
const events_1 = require("../schemas/events");
const topics_1 = require("../schemas/topics");
const batch_1 = require("./batch");
const letter_facts_1 = require("./letter-facts");
const letter_store_1 = require("./letter-store");
const read_records_1 = require("./read-records");
const view_topics_1 = require("./view-topics");
/**
 * What a letter's bytes say now; most say nothing, which is why they are here. A schema that was unknown then may be
 * known now. The registry is asked once for each id of a batch, and without an answer the letter is shown undecoded: no
 * letter waits for the registry.
 */
const readBytes = async (codec, record, asked) => {
    const topic = (0, dead_letter_1.readDeadLetter)(record).source.topic;
    const decoded = codec.decode(topic, record.value);
    if (decoded.kind === 'event')
        return decoded.event;
    if (decoded.kind === 'poison' || asked.has(decoded.schemaId))
        return undefined;
    asked.add(decoded.schemaId);
    try {
        await codec.learn(decoded.schemaId);
    }
    catch (error) {
        if (!(error instanceof log_1.InfrastructureError))
            throw error;
    }
    const again = codec.decode(topic, record.value);
    return again.kind === 'event' ? again.event : undefined;
};
const readLetters = async (codec, records) => {
    const asked = new Set();
    const read = [];
    for (const record of records) {
        read.push({ record, facts: (0, letter_facts_1.letterFacts)(record, await readBytes(codec, record, asked)) });
    }
    return read;
};
/** What could not be processed, what operators did about it, and what came of that. */
const createDeadLettersProjection = (codec, report) => ({
    view: 'dead-letters',
    version: today_1.viewsToday['dead-letters'].version,
    offsetsTable: today_1.viewsToday['dead-letters'].tables[0],
    topics: view_topics_1.viewTopics['dead-letters'],
    read: async (records) => {
        if (records[0]?.topic === topics_1.topics.orderDlq.name) {
            return (0, batch_1.toReading)(records, await readLetters(codec, records), []);
        }
        const { events, undecodable } = await (0, read_records_1.readRecords)(codec, records);
        await report(undecodable);
        const facts = events.flatMap(({ record, event }) => (0, events_1.isLetterEvent)(event) ? [{ record, facts: (0, letter_facts_1.commandFacts)(record, event) }] : []);
        return (0, batch_1.toReading)(records, facts, undecodable.map(({ record }) => record.offset));
    },
    fold: (pieces) => ({
        moves: pieces.map((piece) => (0, batch_1.moveOf)(piece)),
        write: async (client, schema) => {
            await (0, letter_store_1.writeLetterFacts)(client, schema, pieces.flatMap((piece) => piece.facts.map(({ facts }) => facts)));
            return { decided: [], setAside: 0 };
        },
    }),
});
exports.createDeadLettersProjection = createDeadLettersProjection;
//# sourceMappingURL=dead-letters-projection.js.map