"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.judgeLetters = exports.lettersAtOnce = exports.statesOf = exports.selectLetters = void 0;
const log_1 = require("../../chassis/kafka/log");
const letter_filter_1 = require("../../migrations/letters/letter-filter");
const letter_rows_1 = require("../../migrations/letters/letter-rows");
const topics_1 = require("../../schemas/topics");
const letter_fate_1 = require("./letter-fate");
const idOf = (row) => (0, log_1.formatPosition)({ topic: row.source_topic, partition: row.source_partition, offset: row.source_offset });
/** Ids of letters, oldest first, at most `limit`; without states in the filter, open ones. */
const selectLetters = async (db, filter, limit) => {
    const condition = (0, letter_rows_1.letterCondition)({ ...filter, states: filter.states ?? letter_filter_1.openStates }, 2);
    const { rows } = await db.query({
        text: `select l.source_topic, l.source_partition, l.source_offset from ${letter_rows_1.lettersFrom}
      where ${condition.text} order by l.parked_at, l.partition, l."offset" limit $1`,
        values: [limit, ...condition.values],
    });
    return rows.map(idOf);
};
exports.selectLetters = selectLetters;
const loadRows = async (db, ids) => {
    const places = ids.flatMap((id) => (0, log_1.parsePosition)(id) ?? []);
    const { rows } = await db.query({
        name: 'letters-by-id',
        text: `select ${letter_rows_1.letterColumns}, l.value, l.headers from
      unnest($1::text[], $2::integer[], $3::bigint[]) with ordinality as wanted (topic, partition, place, nr)
      join ${letter_rows_1.lettersFrom} on l.source_topic = wanted.topic and l.source_partition = wanted.partition
        and l.source_offset = wanted.place
      order by wanted.nr`,
        values: [
            places.map(({ topic }) => topic),
            places.map(({ partition }) => partition),
            places.map(({ offset }) => offset),
        ],
    });
    return rows;
};
/** Of these letters, those that exist, with their state. */
const statesOf = async (db, ids) => {
    const states = new Map();
    for (let at = 0; at < ids.length; at += exports.lettersAtOnce) {
        for (const row of await loadRows(db, ids.slice(at, at + exports.lettersAtOnce)))
            states.set(idOf(row), row.state);
    }
    return states;
};
exports.statesOf = statesOf;
/** What is decided, by subject: orders by their status, operators' commands as applied. */
const readTerminals = async (db, letters) => {
    const of = (topic) => letters.filter((letter) => letter.topic === topic).flatMap((letter) => (0, letter_fate_1.subjectNow)(letter) ?? []);
    const { rows } = await db.query({
        name: 'letters-terminals',
        text: `select $1 as topic, request_id as subject, status from views.orders
        where request_id = any($2) and outcome_offset is not null
      union all select $3, command_id, 'APPLIED' from views.item_commands where command_id = any($4)`,
        values: [
            topics_1.topics.orderRequests.name,
            of(topics_1.topics.orderRequests.name),
            topics_1.topics.stockAdjustments.name,
            of(topics_1.topics.stockAdjustments.name),
        ],
    });
    return new Map(rows.map(({ topic, subject, status }) => [`${topic} ${subject}`, status]));
};
const decodeNow = async (codec, row, asked) => {
    const topic = row.source_topic;
    const decoded = codec.decode(topic, row.value);
    if (decoded.kind !== 'unknown-schema' || asked.has(decoded.schemaId))
        return decoded;
    asked.add(decoded.schemaId);
    await codec.learn(decoded.schemaId);
    return codec.decode(topic, row.value);
};
/** Values of a megabyte each stay bearable. */
exports.lettersAtOnce = 200;
const headersOf = (headers) => Object.fromEntries(Object.entries(headers).map(([name, text]) => [name, Buffer.from(text, 'base64')]));
/**
 * Reads letters and says what a redrive does to each; ids that no letter has are left out.
 * @throws InfrastructureError when the registry must be asked for a schema and does not answer.
 */
const judgeLetters = async ({ db, codec }, ids) => {
    const rows = await loadRows(db, ids);
    const asked = new Set();
    const letters = [];
    for (const row of rows) {
        letters.push({
            id: idOf(row),
            topic: row.source_topic,
            key: row.key,
            reason: row.reason,
            state: row.state,
            redrives: row.redrives,
            decoded: await decodeNow(codec, row, asked),
        });
    }
    const terminals = await readTerminals(db, letters);
    return rows.flatMap((row, index) => {
        const letter = letters[index];
        if (letter === undefined)
            return [];
        const terminal = terminals.get(`${letter.topic} ${(0, letter_fate_1.subjectNow)(letter) ?? ''}`);
        return [
            {
                id: letter.id,
                topic: row.source_topic,
                value: row.value,
                headers: headersOf(row.headers),
                fate: (0, letter_fate_1.fateOf)(letter, terminal),
            },
        ];
    });
};
exports.judgeLetters = judgeLetters;
//# sourceMappingURL=letter-source.js.map