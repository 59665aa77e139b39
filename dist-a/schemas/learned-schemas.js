"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.createLearnedSchemas = void 0;
const readers_1 = require("./readers");
/** How long an id counts as unknown after the registry said so: a forged id must not cost a request per record. */
const unknownForMs = 30_000;
/** Bound of what is learned and of what is known to be unknown: forged ids must not fill the memory either. */
const entriesMax = 1_000;
const put = (map, key, value) => {
    map.delete(key);
    map.set(key, value);
    const [oldest] = map.keys();
    if (map.size > entriesMax && oldest !== undefined)
        map.delete(oldest);
};
/** Schemas that were not known at start, asked for by id: one request per id at a time. */
const createLearnedSchemas = (parts) => {
    const readers = new Map();
    for (const [schemaId, text] of parts.texts)
        put(readers, schemaId, (0, readers_1.readerFor)(parts.types, text));
    const unknownUntilMs = new Map();
    const asking = new Map();
    const isUnknown = (schemaId) => (unknownUntilMs.get(schemaId) ?? 0) > parts.nowMs();
    const ask = async (schemaId) => {
        const found = await parts.fetchSchema(schemaId);
        if (!found) {
            put(unknownUntilMs, schemaId, parts.nowMs() + unknownForMs);
            return;
        }
        const reader = found.selfContainedAvro
            ? (0, readers_1.readerFor)(parts.types, found.text)
            : { kind: 'foreign', name: 'a schema that is not self-contained Avro' };
        put(readers, schemaId, reader);
        if (reader.kind === 'ours')
            parts.onLearned(schemaId, found.text);
    };
    return {
        get: (schemaId) => readers.get(schemaId),
        isUnknown,
        learn: (schemaId) => {
            if (readers.has(schemaId) || isUnknown(schemaId))
                return Promise.resolve();
            const running = asking.get(schemaId);
            if (running)
                return running;
            const asked = ask(schemaId).finally(() => asking.delete(schemaId));
            asking.set(schemaId, asked);
            return asked;
        },
    };
};
exports.createLearnedSchemas = createLearnedSchemas;
//# sourceMappingURL=learned-schemas.js.map