"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.Cluster = void 0;
const log_1 = require("../log");
const api_1 = require("./api");
const broker_link_1 = require("./broker-link");
const metadataAgeMaxMs = 60_000;
/** A broker that has just started names no leader for an instant; kept as long as the rest, that was a minute of silence. */
const unledAgeMaxMs = 100;
const noLeader = -1;
/**
 * The brokers of one Kafka cluster, found from the addresses given, with who leads which partition. Links open when
 * first needed and again after they broke; nothing is retried here, and every failure is an InfrastructureError.
 */
class Cluster {
    #connection;
    #links = new Map();
    #addresses = new Map();
    #leaders = new Map();
    #controllerId = noLeader;
    #nextSeed = 0;
    #closed = false;
    constructor(connection) {
        this.#connection = connection;
    }
    get connection() {
        return this.#connection;
    }
    /** A link to any broker that answers: one that is open already, else each known address in turn. */
    async any() {
        const addresses = [...new Set([...this.#addresses.values(), ...this.#seeds()])];
        const open = addresses.filter((address) => this.#links.has(address));
        let last;
        for (const address of new Set([...open, ...addresses])) {
            try {
                return await this.#link(address);
            }
            catch (error) {
                last = error;
            }
        }
        const reason = last instanceof Error ? last.message : 'no address is known';
        throw new log_1.InfrastructureError(`no broker of ${this.#connection.brokers.join(', ')} answers: ${reason}`, {
            cause: last,
        });
    }
    async node(nodeId) {
        if (!this.#addresses.has(nodeId))
            await this.#readMetadata([]);
        const address = this.#addresses.get(nodeId);
        if (address === undefined)
            throw new log_1.InfrastructureError(`no broker has the id ${nodeId}`);
        return this.#link(address);
    }
    /**
     * Leaders of a topic's partitions, at most a minute old, and a tenth of a second while one is missing, unless `forget`
     * was called; an unknown topic throws.
     */
    async leaders(topic) {
        const leaders = await this.findLeaders(topic);
        if (!leaders)
            throw new log_1.InfrastructureError(`the topic ${topic} does not exist`);
        return leaders;
    }
    /** As `leaders`, but `undefined` when the brokers do not know the topic. */
    async findLeaders(topic) {
        const known = this.#leaders.get(topic);
        const ageMaxMs = known?.leaders.includes(undefined) ? unledAgeMaxMs : metadataAgeMaxMs;
        if (known && performance.now() - known.readAtMs < ageMaxMs)
            return known.leaders;
        await this.#readMetadata([topic]);
        return this.#leaders.get(topic)?.leaders;
    }
    /** What is known without asking; for those who may not wait. */
    knownLeaders(topic) {
        return this.#leaders.get(topic)?.leaders;
    }
    /** The next `leaders` asks again: a broker said that it does not lead, or did not answer. */
    forget(topic) {
        const known = this.#leaders.get(topic);
        if (known)
            this.#leaders.set(topic, { leaders: known.leaders, readAtMs: Number.NEGATIVE_INFINITY });
    }
    async coordinator(groupId) {
        const link = await this.any();
        const { errorCode, coordinator } = await link.ask('GroupCoordinator', { groupId });
        if (errorCode !== api_1.kafkaError.none) {
            throw new log_1.InfrastructureError(`coordinator of ${groupId}: ${(0, api_1.kafkaErrorText)(errorCode)}`);
        }
        return this.#link(`${coordinator.host}:${coordinator.port}`);
    }
    async controller() {
        await this.#readMetadata([]);
        return this.node(this.#controllerId);
    }
    close() {
        this.#closed = true;
        for (const opening of this.#links.values()) {
            opening.then((link) => link.destroy(new Error('closed')), () => undefined);
        }
        this.#links.clear();
    }
    #seeds() {
        const seeds = this.#connection.brokers;
        this.#nextSeed = (this.#nextSeed + 1) % seeds.length;
        return [...seeds.slice(this.#nextSeed), ...seeds.slice(0, this.#nextSeed)];
    }
    async #link(address) {
        if (this.#closed)
            throw new log_1.InfrastructureError('the Kafka connection is closed');
        const known = this.#links.get(address);
        if (known) {
            const link = await known;
            if (link.alive)
                return link;
            if (this.#links.get(address) !== known)
                return this.#link(address);
        }
        const opening = broker_link_1.BrokerLink.open(this.#connection, address);
        this.#links.set(address, opening);
        try {
            return await opening;
        }
        catch (error) {
            if (this.#links.get(address) === opening)
                this.#links.delete(address);
            throw error;
        }
    }
    /** Brokers and controller always, leaders of `topics`; an unknown topic is forgotten. */
    async #readMetadata(topics) {
        const link = await this.any();
        const answer = await link.ask('Metadata', { topics, allowAutoTopicCreation: false });
        this.#addresses.clear();
        for (const { nodeId, host, port } of answer.brokers)
            this.#addresses.set(nodeId, `${host}:${port}`);
        this.#controllerId = answer.controllerId;
        for (const { topic, topicErrorCode, partitionMetadata } of answer.topicMetadata) {
            if (!topics.includes(topic))
                continue;
            if (topicErrorCode !== api_1.kafkaError.none || partitionMetadata.length === 0) {
                this.#leaders.delete(topic);
                continue;
            }
            const leaders = [];
            for (const { partitionId, leader } of partitionMetadata) {
                leaders[partitionId] = leader === noLeader ? undefined : leader;
            }
            this.#leaders.set(topic, { leaders, readAtMs: performance.now() });
        }
    }
}
exports.Cluster = Cluster;
//# sourceMappingURL=cluster.js.map