"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.problemOf = exports.findOurIds = exports.cacheKeyOf = exports.ourSchemas = exports.subjectOf = void 0;
const node_crypto_1 = require("node:crypto");
const log_1 = require("../chassis/kafka/log");
const history_1 = require("./history");
/** TopicRecordNameStrategy: several event types share a topic, and each has a history of its own. */
const subjectOf = (topic, eventType) => `${topic}-${(0, history_1.fullName)(eventType)}`;
exports.subjectOf = subjectOf;
const ourSchemas = (topics, history) => topics.flatMap((topic) => topic.eventTypes.flatMap((eventType) => history[eventType].map((version) => ({
    topic: topic.name,
    subject: (0, exports.subjectOf)(topic.name, eventType),
    version,
    isNewest: version === history[eventType].at(-1),
}))));
exports.ourSchemas = ourSchemas;
/** What the disk cache knows a schema by: the cache must not outlive an edit of the file. */
const cacheKeyOf = (schema) => `${schema.subject} ${(0, node_crypto_1.createHash)('sha256').update(schema.version.text).digest('hex')}`;
exports.cacheKeyOf = cacheKeyOf;
const judge = (schema, id, idBefore) => {
    if (idBefore !== undefined && idBefore !== id)
        return { kind: 'renumbered', schema, idBefore, id };
    return id === undefined
        ? { kind: 'unregistered', schema }
        : { kind: 'known', schema, id, from: 'registry' };
};
const withoutRegistry = (schema, idBefore, error) => idBefore === undefined
    ? { kind: 'unreachable', schema, error }
    : { kind: 'known', schema, id: idBefore, from: 'disk' };
/**
 * Asks the registry for the id of every schema, one request each, and falls back on the ids kept on disk. After the
 * first request without an answer no further one is sent: with a hung registry a start waits for one deadline, not
 * for thirty.
 */
const findOurIds = async (client, schemas, idsOnDisk) => {
    const found = [];
    let down;
    for (const schema of schemas) {
        const idBefore = idsOnDisk.get((0, exports.cacheKeyOf)(schema));
        try {
            if (down)
                found.push(withoutRegistry(schema, idBefore, down));
            else
                found.push(judge(schema, await client.lookup(schema.subject, schema.version.text), idBefore));
        }
        catch (error) {
            if (!(error instanceof log_1.InfrastructureError))
                throw error;
            down = error;
            found.push(withoutRegistry(schema, idBefore, error));
        }
    }
    return found;
};
exports.findOurIds = findOurIds;
/** What is wrong, in plain words with what to do; `undefined` when the id is known. */
const problemOf = (found) => {
    const { eventType, version } = found.schema.version;
    const what = `${eventType} v${version} on ${found.schema.topic}`;
    switch (found.kind) {
        case 'known':
            return undefined;
        case 'unregistered':
            return `${what} is not registered (subject ${found.schema.subject}). Run the deploy step: node dist/schemas/main.js`;
        case 'renumbered':
            return (`${what} was schema id ${found.idBefore} and is now ${found.id ?? 'unregistered'}: the registry was lost or replaced, ` +
                'and the ids in the log no longer mean what they meant. Restore the registry, or delete the id cache if the log was deleted too.');
        case 'unreachable':
            return `${what} has no known id: ${found.error.message}`;
    }
};
exports.problemOf = problemOf;
//# sourceMappingURL=known-ids.js.map