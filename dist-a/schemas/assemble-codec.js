"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.assembleCodec = void 0;
const learned_schemas_1 = require("./learned-schemas");
const readers_1 = require("./readers");
const record_codec_1 = require("./record-codec");
/** Puts the pure parts together; the registry is reached through `fetchSchema` alone. */
const assembleCodec = (parts) => {
    const types = (0, readers_1.newestTypes)(parts.history);
    const learned = (0, learned_schemas_1.createLearnedSchemas)({ ...parts, types });
    const allowed = new Map(parts.topics.map(({ name, eventTypes }) => [name, new Set(eventTypes)]));
    const own = new Map();
    const writerIds = new Map();
    for (const { schema, id } of parts.known) {
        const { topic, isNewest, version } = schema;
        own.set(id, (0, readers_1.readerFor)(types, version.text));
        if (isNewest)
            writerIds.set(topic, { ...writerIds.get(topic), [version.eventType]: id });
    }
    const judgeUnknown = (schemaId) => learned.isUnknown(schemaId)
        ? (0, record_codec_1.poison)('UNKNOWN_SCHEMA', `the registry knows no schema id ${schemaId}`)
        : { kind: 'unknown-schema', schemaId };
    return {
        encode: (topic, event) => {
            const id = writerIds.get(topic)?.[event.type];
            if (id === undefined)
                throw new TypeError(`${event.type} does not belong on ${topic}.`);
            return (0, record_codec_1.encodeFramed)(types[event.type], id, event);
        },
        decode: (topic, value) => {
            if (value === null)
                return (0, record_codec_1.poison)('NULL_VALUE', 'the value is null');
            const schemaId = (0, record_codec_1.schemaIdIn)(value);
            if (schemaId === undefined)
                return (0, record_codec_1.poison)('NOT_FRAMED', 'no magic byte 0 and schema id in front');
            const reader = own.get(schemaId) ?? learned.get(schemaId);
            if (reader === undefined)
                return judgeUnknown(schemaId);
            switch (reader.kind) {
                case 'unreadable':
                    return (0, record_codec_1.poison)('UNDECODABLE', `schema id ${schemaId}: ${reader.detail}`);
                case 'foreign':
                    return (0, record_codec_1.poison)('FOREIGN_TYPE', `${reader.name} does not belong on ${topic}`);
                case 'ours':
                    return allowed.get(topic)?.has(reader.eventType) === true
                        ? (0, record_codec_1.decodeBody)(value, schemaId, reader)
                        : (0, record_codec_1.poison)('FOREIGN_TYPE', `${reader.eventType} does not belong on ${topic}`);
            }
        },
        learn: (schemaId) => (own.has(schemaId) ? Promise.resolve() : learned.learn(schemaId)),
    };
};
exports.assembleCodec = assembleCodec;
//# sourceMappingURL=assemble-codec.js.map