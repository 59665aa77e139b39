"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.readRecords = void 0;
const headers_1 = require("../schemas/headers");
/** An order is found by its key, so an event under another key would be another order's. */
const keyFault = ({ key }, event) => {
    if (!('request_id' in event) || key?.toString('utf8') === event.request_id)
        return undefined;
    return 'the key is not the request_id of the event';
};
const decodeOrLearn = async (codec, record) => {
    const decoded = codec.decode(record.topic, record.value);
    if (decoded.kind !== 'unknown-schema')
        return decoded;
    await codec.learn(decoded.schemaId);
    return codec.decode(record.topic, record.value);
};
/**
 * Decodes records of our topics.
 * @throws InfrastructureError when the registry must be asked and does not answer: no verdict on any record then.
 */
const readRecords = async (codec, records) => {
    const events = [];
    const undecodable = [];
    for (const record of records) {
        let decoded = codec.decode(record.topic, record.value);
        if (decoded.kind === 'unknown-schema')
            decoded = await decodeOrLearn(codec, record);
        switch (decoded.kind) {
            case 'event': {
                const fault = keyFault(record, decoded.event);
                if (fault === undefined)
                    events.push({ record, event: decoded.event, metadata: (0, headers_1.readMetadata)(record) });
                else
                    undecodable.push({ record, reason: 'INVALID_FIELD', detail: fault });
                break;
            }
            case 'unknown-schema':
                undecodable.push({ record, reason: 'UNKNOWN_SCHEMA', detail: `schema id ${decoded.schemaId}` });
                break;
            case 'poison':
                undecodable.push({ record, reason: decoded.reason, detail: decoded.detail });
                break;
        }
    }
    return { events, undecodable };
};
exports.readRecords = readRecords;
//# sourceMappingURL=read-records.js.map