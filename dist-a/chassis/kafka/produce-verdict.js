"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.verdictOn = void 0;
const api_1 = require("./wire/api");
const refusals = new Set([
    api_1.kafkaError.invalidTopic,
    api_1.kafkaError.topicAuthorizationFailed,
    api_1.kafkaError.clusterAuthorizationFailed,
    api_1.kafkaError.invalidTimestamp,
    api_1.kafkaError.policyViolation,
    api_1.kafkaError.invalidRecord,
]);
/** The leader says that it wrote nothing, and why that may be different next time. */
const notWritten = new Set([
    api_1.kafkaError.corruptMessage,
    api_1.kafkaError.unknownTopicOrPartition,
    api_1.kafkaError.leaderNotAvailable,
    api_1.kafkaError.notLeaderOrFollower,
    api_1.kafkaError.notEnoughReplicas,
]);
const verdictOnError = (code) => {
    const error = new Error((0, api_1.kafkaErrorText)(code));
    if (code === api_1.kafkaError.messageTooLarge || code === api_1.kafkaError.recordListTooLarge) {
        return { kind: 'too-large', error };
    }
    if (refusals.has(code))
        return { kind: 'refused', error };
    return { kind: 'again', error, maybeWritten: !notWritten.has(code) };
};
/**
 * The verdict on one partition of a request. Only an entry for exactly this partition with error code 0 and an offset
 * counts as an acknowledgement: kafkajs' own `send` resolves although a partition was never sent, when its leader
 * moved to a broker that had answered already.
 */
const verdictOn = (sent, answers) => {
    const answer = answers.find((each) => each.topic === sent.topic && each.partition === sent.partition);
    if (answer === undefined) {
        const error = new Error(`the broker's answer says nothing about ${sent.topic}:${sent.partition}`);
        return { kind: 'again', error, maybeWritten: true };
    }
    if (answer.errorCode !== api_1.kafkaError.none)
        return verdictOnError(answer.errorCode);
    if (!(answer.baseOffset >= 0)) {
        const error = new Error(`the broker acknowledged ${sent.topic}:${sent.partition} without an offset`);
        return { kind: 'again', error, maybeWritten: true };
    }
    return { kind: 'acked', baseOffset: answer.baseOffset, appendedAtMs: answer.appendedAtMs };
};
exports.verdictOn = verdictOn;
//# sourceMappingURL=produce-verdict.js.map