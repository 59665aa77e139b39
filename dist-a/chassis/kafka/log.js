"use strict";
/**
 * The log as the rest of the project sees it: records with contiguous offsets per partition.
 * No kafkajs type crosses this border, so that another client can take its place.
 *
 * Offsets are plain numbers: they stay below 2^53, which one million records a second reach in 285 years.
 */
Object.defineProperty(exports, "__esModule", { value: true });
exports.parsePosition = exports.formatPosition = exports.InfrastructureError = void 0;
/** Trouble outside the message: retry later, never a dead letter. */
class InfrastructureError extends Error {
    name = 'InfrastructureError';
}
exports.InfrastructureError = InfrastructureError;
/** `topic:partition:offset`; a topic name holds no colon (Kafka allows `[a-zA-Z0-9._-]`). */
const formatPosition = (position) => `${position.topic}:${position.partition}:${position.offset}`;
exports.formatPosition = formatPosition;
const parsePosition = (text) => {
    const match = /^([a-zA-Z0-9._-]{1,249}):(\d{1,6}):(\d{1,15})$/.exec(text);
    if (!match)
        return undefined;
    return { topic: match[1] ?? '', partition: Number(match[2]), offset: Number(match[3]) };
};
exports.parsePosition = parsePosition;
//# sourceMappingURL=log.js.map