"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.GroupMember = exports.GroupRefusedError = void 0;
const group_assignment_1 = require("./group-assignment");
const log_1 = require("./log");
const api_1 = require("./wire/api");
const cluster_1 = require("./wire/cluster");
/** The group cannot be joined as things are; trying again would not help. */
class GroupRefusedError extends Error {
    name = 'GroupRefusedError';
}
exports.GroupRefusedError = GroupRefusedError;
const refusals = new Set([
    23, // INCONSISTENT_GROUP_PROTOCOL: members of another program are in the group
    26, // INVALID_SESSION_TIMEOUT
    api_1.kafkaError.topicAuthorizationFailed,
    api_1.kafkaError.groupAuthorizationFailed,
]);
const leaveWithinMs = 1_500;
const byTopic = (places) => {
    const topics = new Map();
    for (const place of places)
        topics.set(place.topic, [...(topics.get(place.topic) ?? []), place]);
    return [...topics].map(([topic, partitions]) => ({ topic, partitions }));
};
/**
 * A member of a consumer group: join, heartbeat, commit, leave, each one request and its answer. When to do what is
 * the consumer's business. Every method throws InfrastructureError when the coordinator cannot be reached and
 * GroupRefusedError when it refuses for good.
 */
class GroupMember {
    #cluster;
    #groupId;
    #topics;
    #timing;
    #memberId = '';
    #coordinator;
    constructor(cluster, groupId, topics, timing) {
        this.#cluster = cluster;
        this.#groupId = groupId;
        this.#topics = topics;
        this.#timing = timing;
    }
    /** Returns when all members of the group have come together, at most the rebalance time-out later. */
    async join() {
        const answer = await this.#joinGroup();
        const { memberId, generationId } = answer;
        const isLeader = answer.leaderId === memberId;
        const groupAssignment = isLeader ? await this.#shareOut(answer.members) : [];
        const link = await this.#link();
        const sync = await link.ask('SyncGroup', { groupId: this.#groupId, generationId, memberId, groupAssignment }, this.#timing.rebalanceTimeoutMs);
        this.#check(sync.errorCode, 'sync');
        return { memberId, generationId, partitions: (0, group_assignment_1.decodeAssignment)(sync.memberAssignment) };
    }
    async heartbeat({ memberId, generationId }) {
        const link = await this.#link();
        const answer = await link.ask('Heartbeat', {
            groupId: this.#groupId,
            groupGenerationId: generationId,
            memberId,
        });
        return this.#standing(answer.errorCode, 'heartbeat');
    }
    /** `offset` is the next one to read. Nothing is committed unless the answer is 'member'. */
    async commit(generation, offsets) {
        const link = await this.#link();
        const answer = await link.ask('OffsetCommit', {
            groupId: this.#groupId,
            groupGenerationId: generation.generationId,
            memberId: generation.memberId,
            topics: byTopic(offsets),
        });
        const codes = answer.responses.flatMap((each) => each.partitions).map((each) => each.errorCode);
        return this.#standing(codes.find((code) => code !== api_1.kafkaError.none) ?? api_1.kafkaError.none, 'commit');
    }
    /** Partitions without a committed offset are missing from the answer. */
    async committed(partitions) {
        const link = await this.#link();
        const answer = await link.ask('OffsetFetch', { groupId: this.#groupId, topics: byTopic(partitions) });
        this.#check(answer.errorCode, 'offsets');
        return answer.responses.flatMap(({ topic, partitions: found }) => found.flatMap(({ partition, offset, errorCode }) => {
            this.#check(errorCode, 'offsets');
            return Number(offset) < 0 ? [] : [{ topic, partition, offset: Number(offset) }];
        }));
    }
    /**
     * Leaves over a connection of its own, because a join that still waits would hold up the old one; the others need
     * not wait for the session to end.
     */
    async leave() {
        if (this.#memberId === '')
            return;
        const memberId = this.#memberId;
        this.#memberId = '';
        const cluster = new cluster_1.Cluster({
            ...this.#cluster.connection,
            connectTimeoutMs: leaveWithinMs,
            requestTimeoutMs: leaveWithinMs,
        });
        try {
            const link = await cluster.coordinator(this.#groupId);
            await link.ask('LeaveGroup', { groupId: this.#groupId, memberId });
        }
        finally {
            cluster.close();
        }
    }
    async #joinGroup() {
        const link = await this.#link();
        const ask = () => link.ask('JoinGroup', {
            groupId: this.#groupId,
            sessionTimeout: this.#timing.sessionTimeoutMs,
            rebalanceTimeout: this.#timing.rebalanceTimeoutMs,
            memberId: this.#memberId,
            protocolType: 'consumer',
            groupProtocols: [{ name: group_assignment_1.assignorName, metadata: (0, group_assignment_1.encodeSubscription)(this.#topics) }],
        }, this.#timing.rebalanceTimeoutMs);
        let answer = await ask();
        if (answer.errorCode === api_1.kafkaError.memberIdRequired) {
            this.#memberId = answer.memberId;
            answer = await ask();
        }
        this.#check(answer.errorCode, 'join');
        this.#memberId = answer.memberId;
        return answer;
    }
    async #shareOut(members) {
        const subscribed = members.map(({ memberId, memberMetadata }) => ({
            memberId,
            topics: (0, group_assignment_1.decodeSubscription)(memberMetadata),
        }));
        const counts = new Map();
        for (const topic of new Set(subscribed.flatMap((member) => member.topics))) {
            this.#cluster.forget(topic);
            counts.set(topic, (await this.#cluster.leaders(topic)).length);
        }
        return [...(0, group_assignment_1.assign)(subscribed, counts)].map(([memberId, partitions]) => ({
            memberId,
            memberAssignment: (0, group_assignment_1.encodeAssignment)(partitions),
        }));
    }
    async #link() {
        if (this.#coordinator?.alive)
            return this.#coordinator;
        this.#coordinator = await this.#cluster.coordinator(this.#groupId);
        return this.#coordinator;
    }
    #check(code, what) {
        const standing = this.#standing(code, what);
        if (standing !== 'member') {
            throw new log_1.InfrastructureError(`${what} in ${this.#groupId}: ${(0, api_1.kafkaErrorText)(code)}`);
        }
    }
    #standing(code, what) {
        switch (code) {
            case api_1.kafkaError.none:
                return 'member';
            case api_1.kafkaError.rebalanceInProgress:
                return 'rebalancing';
            case api_1.kafkaError.unknownMemberId:
                this.#memberId = '';
                return 'evicted';
            case api_1.kafkaError.illegalGeneration:
                return 'evicted';
            default:
                this.#coordinator = undefined;
                if (refusals.has(code)) {
                    throw new GroupRefusedError(`${what} in ${this.#groupId}: ${(0, api_1.kafkaErrorText)(code)}`);
                }
                throw new log_1.InfrastructureError(`${what} in ${this.#groupId}: ${(0, api_1.kafkaErrorText)(code)}`);
        }
    }
}
exports.GroupMember = GroupMember;
//# sourceMappingURL=group-member.js.map