"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.kafkaErrorText = exports.kafkaError = void 0;
const error_1 = require("kafkajs/src/protocol/error");
/** Error codes that something here decides upon; the names are Kafka's. */
exports.kafkaError = {
    none: 0,
    offsetOutOfRange: 1,
    corruptMessage: 2,
    unknownTopicOrPartition: 3,
    leaderNotAvailable: 5,
    notLeaderOrFollower: 6,
    requestTimedOut: 7,
    messageTooLarge: 10,
    invalidTopic: 17,
    recordListTooLarge: 18,
    notEnoughReplicas: 19,
    notEnoughReplicasAfterAppend: 20,
    illegalGeneration: 22,
    unknownMemberId: 25,
    rebalanceInProgress: 27,
    topicAuthorizationFailed: 29,
    groupAuthorizationFailed: 30,
    clusterAuthorizationFailed: 31,
    invalidTimestamp: 32,
    topicAlreadyExists: 36,
    policyViolation: 44,
    memberIdRequired: 79,
    invalidRecord: 87,
};
/** `NOT_LEADER_FOR_PARTITION (6)`: for messages, not for decisions. */
const kafkaErrorText = (code) => {
    const known = error_1.errorCodes.find((error) => error.code === code);
    return known ? `${known.type} (${code}): ${known.message}` : `error code ${code}`;
};
exports.kafkaErrorText = kafkaErrorText;
//# sourceMappingURL=api.js.map