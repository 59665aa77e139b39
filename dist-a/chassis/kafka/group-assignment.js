"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.decodeAssignment = exports.encodeAssignment = exports.decodeSubscription = exports.encodeSubscription = exports.assign = exports.assignorName = void 0;
const assignerProtocol_1 = require("kafkajs/src/consumer/assignerProtocol");
/** The name under which members agree; a group may hold only members that know it. */
exports.assignorName = 'modulo';
/**
 * Partition p of a topic goes to the member number p modulo their count, members in the order of their ids. Topics with
 * equally many partitions are thereby shared out alike: one member has the same partition of each.
 */
const assign = (members, partitionCounts) => {
    const byId = [...members].sort((a, b) => (a.memberId < b.memberId ? -1 : 1));
    const assigned = new Map(byId.map(({ memberId }) => [memberId, []]));
    for (const [topic, count] of partitionCounts) {
        const interested = byId.filter((member) => member.topics.includes(topic));
        for (let partition = 0; partition < count; partition += 1) {
            const member = interested[partition % interested.length];
            if (member)
                assigned.get(member.memberId)?.push({ topic, partition });
        }
    }
    return assigned;
};
exports.assign = assign;
const encodeSubscription = (topics) => assignerProtocol_1.MemberMetadata.encode({ version: 0, topics });
exports.encodeSubscription = encodeSubscription;
const decodeSubscription = (metadata) => assignerProtocol_1.MemberMetadata.decode(metadata).topics;
exports.decodeSubscription = decodeSubscription;
const encodeAssignment = (partitions) => {
    const assignment = {};
    for (const { topic, partition } of partitions)
        (assignment[topic] ??= []).push(partition);
    return assignerProtocol_1.MemberAssignment.encode({ version: 0, assignment });
};
exports.encodeAssignment = encodeAssignment;
const decodeAssignment = (bytes) => {
    const decoded = bytes.length === 0 ? null : assignerProtocol_1.MemberAssignment.decode(bytes);
    return Object.entries(decoded?.assignment ?? {}).flatMap(([topic, partitions]) => partitions.map((partition) => ({ topic, partition })));
};
exports.decodeAssignment = decodeAssignment;
//# sourceMappingURL=group-assignment.js.map