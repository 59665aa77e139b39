"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.createGroupConsumer = void 0;
const deadline_1 = require("../deadline");
const consumer_timing_1 = require("./consumer-timing");
const group_member_1 = require("./group-member");
const log_1 = require("./log");
const tenure_1 = require("./tenure");
const cluster_1 = require("./wire/cluster");
const joinBackoffBaseMs = 100;
const joinBackoffMaxMs = 2_000;
const openPromise = () => {
    let resolve = () => undefined;
    let reject = () => undefined;
    const promise = new Promise((yes, no) => {
        resolve = yes;
        reject = no;
    });
    promise.catch(() => undefined);
    return { promise, resolve, reject };
};
/** Joins, serves a tenure, joins again, until it is stopped or can no longer be trusted. */
class CrashOnlyConsumer {
    #connection;
    #options;
    #timing;
    #cluster;
    #member;
    #running = new Map();
    #over = new AbortController();
    #joined = openPromise();
    #tenure;
    #work;
    #stopping;
    #isFatal = false;
    constructor(connection, options, timing) {
        this.#connection = connection;
        this.#options = options;
        this.#timing = timing;
        this.#cluster = new cluster_1.Cluster(connection);
        this.#member = new group_member_1.GroupMember(this.#cluster, options.groupId, options.topics, timing);
    }
    start() {
        if (!this.#isOver())
            this.#work ??= this.#run();
        return this.#joined.promise;
    }
    stop() {
        this.#stopping ??= this.#stop();
        return this.#stopping;
    }
    lag() {
        return this.#tenure?.lag() ?? [];
    }
    #isOver() {
        return this.#over.signal.aborted;
    }
    async #stop() {
        this.#over.abort();
        this.#joined.reject(new log_1.InfrastructureError(`the consumer of ${this.#options.groupId} was stopped`));
        const tenure = this.#tenure;
        if (tenure)
            tenure.end('stopped');
        else
            this.#cluster.close();
        try {
            await (0, deadline_1.withDeadline)(this.#work ?? Promise.resolve(), this.#timing.stopMs, 'stopping the consumer');
        }
        catch (error) {
            this.#connection.logger.warn('the consumer did not stop in time', { error });
        }
        this.#cluster.close();
    }
    async #run() {
        let failures = 0;
        while (!this.#isOver()) {
            failures = (await this.#serveOnce()) ? 0 : failures + 1;
            if (failures === 0 || this.#isOver())
                continue;
            await (0, deadline_1.pause)(50 + (0, deadline_1.backoffMs)(failures, joinBackoffBaseMs, joinBackoffMaxMs), this.#over.signal);
        }
        await this.#leave();
        this.#cluster.close();
    }
    /** False when the group could not be joined as things are. */
    async #serveOnce() {
        try {
            const generation = await this.#member.join();
            if (!this.#isOver())
                await this.#serve(generation);
            return true;
        }
        catch (error) {
            if (this.#isOver())
                return true;
            if (error instanceof log_1.InfrastructureError) {
                const group = this.#options.groupId;
                this.#connection.logger.warn('cannot join the group yet', { group, error });
            }
            else
                this.#fatal(70, error);
            return false;
        }
    }
    async #serve(generation) {
        const { groupId } = this.#options;
        const { generationId, partitions } = generation;
        this.#connection.logger.info('joined the group', {
            group: groupId,
            generationId,
            partitions: partitions.length,
        });
        this.#tenure = new tenure_1.Tenure({
            cluster: this.#cluster,
            member: this.#member,
            options: this.#options,
            timing: this.#timing,
            logger: this.#connection.logger,
            running: this.#running,
            onFatal: (code, reason) => this.#fatal(code, reason),
        }, generation);
        this.#joined.resolve();
        const end = await this.#tenure.serve();
        this.#tenure = undefined;
        this.#connection.logger.info('gave up the partitions', { group: groupId, generationId, reason: end });
    }
    async #leave() {
        try {
            await this.#member.leave();
        }
        catch (error) {
            this.#connection.logger.warn('could not leave the group; it waits for the session to end', { error });
        }
    }
    #fatal(code, reason) {
        if (this.#isFatal)
            return;
        this.#isFatal = true;
        this.#connection.logger.error('the consumer cannot go on', { code, error: reason });
        this.#over.abort();
        this.#tenure?.end('fatal');
        this.#joined.reject(reason);
        this.#options.onFatal(code, reason);
    }
}
/**
 * A member of a consumer group as `GroupConsumerOptions` describes it. Brokers that are away are waited for, however
 * long it takes; a bug, records that are gone and a stall are reported once to `onFatal`, and nothing is consumed
 * after that. `start` rejects when the consumer was stopped or failed before it joined.
 */
const createGroupConsumer = (connection, options, timing = {}) => new CrashOnlyConsumer(connection, options, { ...consumer_timing_1.defaultTiming, ...timing });
exports.createGroupConsumer = createGroupConsumer;
//# sourceMappingURL=consumer.js.map