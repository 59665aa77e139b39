"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.runSeed = void 0;
const topics_1 = require("../../schemas/topics");
const simulator_1 = require("../payment/simulator");
const judge_run_1 = require("./judge-run");
const random_1 = require("./random");
const rules_off_1 = require("./rules-off");
const saga_process_1 = require("./saga-process");
const scenario_1 = require("./scenario");
const simulated_group_1 = require("./simulated-group");
const simulated_log_1 = require("./simulated-log");
const simulated_stock_1 = require("./simulated-stock");
const token_codec_1 = require("./token-codec");
const world_1 = require("./world");
const names = ['saga-0', 'saga-1'];
const faultySteps = 900;
const stepsMax = 12_000;
/** Of the simulation's time; the whole of a run takes 10 to 60 s of it. */
const memory = { horizonMs: 60_000, recordTtlMs: 120_000 };
const drawHarshness = (random) => ({
    crash: random.pick([0, 0.001, 0.003]) ?? 0,
    flush: random.pick([0, 0, 0.002]) ?? 0,
    failOver: random.pick([0, 0, 0.002]) ?? 0,
    rebalance: random.pick([0.002, 0.01]) ?? 0,
    kill: random.pick([0, 0.002, 0.006]) ?? 0,
    pause: random.pick([0.005, 0.02]) ?? 0,
    pauseMaxMs: random.pick([200, 1_500, 5_000]) ?? 0,
    reset: random.pick([0, 0.002]) ?? 0,
});
/** One sale under faults, from a seed. */
class Run {
    random;
    world;
    scenario;
    around;
    journal = [];
    harshness;
    actors = new Map();
    published = 0;
    faultsAreOn = true;
    constructor({ seed, without }) {
        this.random = (0, random_1.randomOf)(seed);
        this.world = new world_1.World(this.random);
        this.harshness = drawHarshness(this.random);
        const codec = (0, token_codec_1.createTokenCodec)();
        this.scenario = (0, scenario_1.drawScenario)(codec, this.random, faultySteps);
        this.around = this.surround(seed, codec, without);
        for (const record of this.scenario.before)
            this.around.log.append(record);
        for (const name of names)
            this.start(name);
    }
    async run() {
        while (this.world.steps < faultySteps) {
            this.publish();
            this.strike();
            await this.step();
        }
        this.heal();
        if (!(await this.settle()))
            return ['unresolved', ...this.judge()];
        const before = (0, judge_run_1.readHistory)(this.around.log, this.around.codec).outcomes;
        const violations = this.judge();
        if (violations.length > 0 || this.random.chance(0.5))
            return violations;
        this.redeliver();
        if (!(await this.settle()))
            return ['unresolved'];
        const after = (0, judge_run_1.readHistory)(this.around.log, this.around.codec).outcomes;
        const isSame = after.size === before.size && [...before].every(([key, it]) => after.get(key) === it);
        return [...(isSame ? [] : ['terminal-changed']), ...this.judge()];
    }
    get steps() {
        return this.world.steps;
    }
    surround(seed, codec, without) {
        const { world, random } = this;
        const groupOf = (topic) => new simulated_group_1.SimulatedGroup(topic, saga_process_1.topicPartitions[topic] ?? 1, names);
        const settings = { seed: String(seed), latencyMs: 0, declineRate: 0.2, timeoutRate: 0, timeoutMs: 0 };
        const clock = { nowMs: () => world.nowMs, pause: () => Promise.resolve() };
        return {
            world,
            log: new simulated_log_1.SimulatedLog(world, saga_process_1.topicPartitions),
            stock: new simulated_stock_1.SimulatedStock(world, random),
            provider: new simulator_1.PaymentSimulator(settings, clock, (entry) => this.journal.push(entry)),
            late: [],
            codec,
            faults: { isOn: () => this.faultsAreOn, random, crashChance: random.chance(0.5) ? 0.01 : 0.001 },
            rulesOff: (0, rules_off_1.rulesWithout)(without),
            onBug: (actor) => this.restart(actor.name),
            memory,
            groups: {
                requests: groupOf(topics_1.topics.orderRequests.name),
                retries: groupOf(topics_1.topics.paymentRetries.name),
                adjustments: groupOf(topics_1.topics.stockAdjustments.name),
            },
        };
    }
    start(name) {
        const actor = { name, isAlive: true, pausedUntilMs: 0 };
        this.actors.set(name, actor);
        (0, saga_process_1.startProcess)(this.around, actor);
    }
    async step() {
        this.arrive();
        await this.world.step();
    }
    publish() {
        for (;;) {
            const next = this.scenario.during[this.published];
            if (!next || next.atStep > this.world.steps)
                return;
            this.around.log.append(next.record);
            this.published += 1;
        }
    }
    /** What was given up on arrives after all. */
    arrive() {
        const { log, late, provider } = this.around;
        if (log.delayed.length > 0 && this.random.chance(0.02)) {
            const [record] = log.delayed.splice(this.random.integer(log.delayed.length), 1);
            if (record)
                log.append(record);
        }
        if (late.length > 0 && this.random.chance(0.02)) {
            const [charge] = late.splice(this.random.integer(late.length), 1);
            if (charge)
                provider.chargeNow(charge.paymentKey, charge.order);
        }
    }
    strike() {
        const { harshness: chanceOf, random, around } = this;
        around.stock.endOldServers(false);
        if (random.chance(chanceOf.crash))
            around.stock.crash();
        if (random.chance(chanceOf.flush))
            around.stock.flush();
        if (random.chance(chanceOf.failOver))
            around.stock.failOver();
        if (random.chance(chanceOf.rebalance))
            this.rebalance();
        if (random.chance(chanceOf.kill))
            this.restart(random.pick(names) ?? '');
        if (random.chance(chanceOf.reset))
            this.resetOffsets();
        if (random.chance(chanceOf.pause)) {
            const actor = this.actors.get(random.pick(names) ?? '');
            if (actor)
                actor.pausedUntilMs = this.world.nowMs + random.integer(chanceOf.pauseMaxMs);
        }
    }
    someGroup() {
        const { requests, retries, adjustments } = this.around.groups;
        return this.random.pick([requests, requests, retries, adjustments]) ?? requests;
    }
    rebalance() {
        const group = this.someGroup();
        group.assign(this.random.integer(group.owner.length), this.random.pick(names) ?? '');
    }
    resetOffsets() {
        const group = this.someGroup();
        const partition = this.random.integer(group.owner.length);
        group.resetTo(partition, this.random.integer((group.committed[partition] ?? 0) + 1));
    }
    restart(name) {
        const actor = this.actors.get(name);
        if (actor)
            this.world.kill(actor);
        for (const group of Object.values(this.around.groups)) {
            for (const [partition, owner] of group.owner.entries()) {
                if (owner === name)
                    group.assign(partition, this.random.pick(names) ?? '');
            }
        }
        this.start(name);
    }
    /** No more faults, every process awake, every partition with one owner. */
    heal() {
        this.faultsAreOn = false;
        this.around.stock.endOldServers(true);
        for (const actor of this.actors.values())
            actor.pausedUntilMs = 0;
        for (const group of Object.values(this.around.groups)) {
            for (const partition of group.owner.keys())
                group.assign(partition, names[partition % names.length] ?? '');
        }
    }
    /** Every record is handled again, from the first one on, by a store that may have forgotten all of them. */
    redeliver() {
        if (this.random.chance(0.7))
            this.world.nowMs += memory.recordTtlMs + memory.horizonMs;
        const { log, groups } = this.around;
        const requests = log.partitions(topics_1.topics.orderRequests.name).flat();
        for (const record of requests) {
            if (this.random.chance(0.3))
                log.append({ ...record, headers: {} });
        }
        for (const group of [groups.requests, groups.retries]) {
            for (const partition of group.owner.keys())
                group.resetTo(partition, 0);
        }
    }
    /** Until nothing is left to do; false when that does not come. */
    async settle() {
        const limit = this.world.steps + stepsMax;
        while (this.world.steps < limit) {
            this.publish();
            await this.step();
            if (this.world.steps % 16 === 0 && this.isAtRest())
                return true;
        }
        return false;
    }
    isAtRest() {
        const { log, groups, stock, late } = this.around;
        const { server } = stock.memory;
        const isDone = (group, next) => log.partitions(group.topic).every((records, partition) => (next(partition) ?? 0) === records.length);
        const { adjusted } = server.generation(server.state.current?.epoch ?? -1);
        const allDone = [groups.requests, groups.retries].every((group) => isDone(group, (it) => group.committed[it])) &&
            isDone(groups.adjustments, (it) => adjusted.get(it));
        const isOpen = server.state.current?.open === true && server.state.current.runId === server.runId;
        return allDone && isOpen && log.delayed.length === 0 && late.length === 0;
    }
    judge() {
        const { log, codec, stock } = this.around;
        const store = stock.memory.server.state;
        return (0, judge_run_1.judgeRun)({ log, codec, journal: this.journal, store });
    }
}
/** Runs one sale under faults and says what was wrong in the end; the same options give the same run. */
const runSeed = async (options) => {
    const run = new Run(options);
    const violations = [...new Set(await run.run())];
    return { seed: options.seed, violations, steps: run.steps };
};
exports.runSeed = runSeed;
//# sourceMappingURL=run-seed.js.map