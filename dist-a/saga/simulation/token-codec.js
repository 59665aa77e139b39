"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.createTokenCodec = void 0;
/**
 * A codec whose bytes are the number of an event in a table: the simulation is about order and loss, and Avro has tests
 * of its own. Any other bytes are poison.
 */
const createTokenCodec = () => {
    const events = [];
    return {
        encode: (_topic, event) => {
            const bytes = Buffer.allocUnsafe(4);
            bytes.writeUInt32BE(events.push(event) - 1);
            return bytes;
        },
        decode: (_topic, value) => {
            const event = value?.length === 4 ? events[value.readUInt32BE()] : undefined;
            return event
                ? { kind: 'event', event, schemaId: 1 }
                : { kind: 'poison', reason: 'NOT_FRAMED', detail: 'not an event of this simulation' };
        },
        learn: () => Promise.resolve(),
    };
};
exports.createTokenCodec = createTokenCodec;
//# sourceMappingURL=token-codec.js.map