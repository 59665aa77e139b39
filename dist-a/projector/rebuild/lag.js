"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.describeLag = exports.readLag = void 0;
const deadline_1 = require("../../chassis/deadline");
const fetch_records_1 = require("../../chassis/kafka/fetch-records");
const log_1 = require("../../chassis/kafka/log");
const cursors_1 = require("../cursors");
const view_topics_1 = require("../view-topics");
/** A status is asked for in an outage too, and then what PostgreSQL knows must not wait for Kafka. */
const kafkaTimeoutMs = 5_000;
const undefinedTable = '42P01';
/** The offset that each partition waits for; `undefined` when the view has no tables in the schema. */
const readNexts = async (pool, shape, schema) => {
    try {
        const { rows } = await pool.query(`select topic, partition, next from ${schema}.${shape.tables[0]}`);
        return new Map(rows.map(({ topic, partition, next }) => [(0, cursors_1.cursorKey)(topic, partition), next]));
    }
    catch (error) {
        if (error.code === undefinedTable)
            return undefined;
        throw error;
    }
};
/** How far a view with these offsets is behind each partition of a topic, in the order of the partitions. */
const measure = async ({ reader, nowMs }, topic, ends, nexts) => {
    const from = new Map(ends.map((end, partition) => [partition, Math.min(end, nexts.get((0, cursors_1.cursorKey)(topic, partition)) ?? 0)]));
    const to = new Map(ends.map((end, partition) => [partition, Math.min(end, (from.get(partition) ?? 0) + 1)]));
    const ages = new Map();
    await reader.read({
        topic,
        from,
        to,
        withHeaders: false,
        stallMs: kafkaTimeoutMs,
        onRecords: (records) => {
            for (const { partition, appendedAtMs } of records)
                ages.set(partition, nowMs - appendedAtMs);
        },
    });
    return ends.map((end, partition) => ({
        events: end - (from.get(partition) ?? 0),
        seconds: Math.max(0, Math.round((ages.get(partition) ?? 0) / 100) / 10),
    }));
};
const readTopicLag = async (ports, topic, live, built) => {
    const ends = await ports.admin.ends(topic);
    const of = async (nexts) => nexts === undefined ? [] : measure(ports, topic, ends, nexts);
    const [ofLive, ofBuilt] = await Promise.all([of(live), of(built)]);
    return ends.map((_, partition) => ({
        topic,
        partition,
        live: ofLive[partition] ?? null,
        built: ofBuilt[partition] ?? null,
    }));
};
/**
 * How far the live view and the one that is built are behind each partition of the log; null when Kafka does not say.
 * @throws what PostgreSQL says when it cannot be asked.
 */
const readLag = async (ports, shape) => {
    const live = await readNexts(ports.pool, shape, 'views');
    const built = await readNexts(ports.pool, shape, 'views_next');
    const topics = view_topics_1.viewTopics[shape.view].map((topic) => readTopicLag(ports, topic, live, built));
    try {
        return (await (0, deadline_1.withDeadline)(Promise.all(topics), kafkaTimeoutMs, 'asking Kafka')).flat();
    }
    catch (error) {
        const isKafkas = [log_1.InfrastructureError, fetch_records_1.LogGapError, deadline_1.DeadlineError].some((kind) => error instanceof kind);
        if (isKafkas)
            return null;
        throw error;
    }
};
exports.readLag = readLag;
const describeOne = (name, behind) => {
    if (behind === null)
        return '';
    const age = behind.events === 0 ? '' : `, ${behind.seconds} s`;
    return `${name} ${behind.events} events${age}`;
};
/** For a person. */
const describeLag = (lag) => {
    if (lag === null)
        return ['behind         unknown: Kafka does not say where the log ends'];
    return lag.map(({ topic, partition, live, built }) => {
        const both = [describeOne('live', live), describeOne('built', built)].filter((text) => text !== '');
        return `behind         ${topic}:${partition} ${both.join('; ')}`;
    });
};
exports.describeLag = describeLag;
//# sourceMappingURL=lag.js.map