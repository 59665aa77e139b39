import { topics } from '../../schemas/topics';
import { PaymentSimulator, type JournalEntry } from '../payment/simulator';
import type { Memory } from '../ports';
import { judgeRun, readHistory, type Violation } from './judge-run';
import { randomOf, type Random } from './random';
import { rulesWithout, type RuleName } from './rules-off';
import { startProcess, topicPartitions, type Surroundings } from './saga-process';
import { drawScenario, type Scenario } from './scenario';
import { SimulatedGroup } from './simulated-group';
import { SimulatedLog } from './simulated-log';
import { SimulatedStock } from './simulated-stock';
import { createTokenCodec } from './token-codec';
import { World, type Actor } from './world';

export interface RunOptions {
  readonly seed: number;
  readonly without?: RuleName;
}

export interface RunEnd {
  readonly seed: number;
  readonly violations: readonly Violation[];
  readonly steps: number;
}

const names = ['saga-0', 'saga-1'] as const;
const faultySteps = 900;
const stepsMax = 12_000;
/** Of the simulation's time; the whole of a run takes 10 to 60 s of it. */
const memory: Memory = { horizonMs: 60_000, recordTtlMs: 120_000 };

/** How often each fault strikes, per step. */
interface Harshness {
  readonly crash: number;
  readonly flush: number;
  readonly failOver: number;
  readonly rebalance: number;
  readonly kill: number;
  readonly pause: number;
  readonly pauseMaxMs: number;
  readonly reset: number;
}

const drawHarshness = (random: Random): Harshness => ({
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
  private readonly random: Random;
  private readonly world: World;
  private readonly scenario: Scenario;
  private readonly around: Surroundings;
  private readonly journal: JournalEntry[] = [];
  private readonly harshness: Harshness;
  private readonly actors = new Map<string, Actor>();
  private published = 0;
  private faultsAreOn = true;

  constructor({ seed, without }: RunOptions) {
    this.random = randomOf(seed);
    this.world = new World(this.random);
    this.harshness = drawHarshness(this.random);
    const codec = createTokenCodec();
    this.scenario = drawScenario(codec, this.random, faultySteps);
    this.around = this.surround(seed, codec, without);
    for (const record of this.scenario.before) this.around.log.append(record);
    for (const name of names) this.start(name);
  }

  async run(): Promise<readonly Violation[]> {
    while (this.world.steps < faultySteps) {
      this.publish();
      this.strike();
      await this.step();
    }
    this.heal();
    if (!(await this.settle())) return ['unresolved', ...this.judge()];
    const before = readHistory(this.around.log, this.around.codec).outcomes;
    const violations = this.judge();
    if (violations.length > 0 || this.random.chance(0.5)) return violations;
    this.redeliver();
    if (!(await this.settle())) return ['unresolved'];
    const after = readHistory(this.around.log, this.around.codec).outcomes;
    const isSame = after.size === before.size && [...before].every(([key, it]) => after.get(key) === it);
    return [...(isSame ? [] : ['terminal-changed' as const]), ...this.judge()];
  }

  get steps(): number {
    return this.world.steps;
  }

  private surround(seed: number, codec: Surroundings['codec'], without: RuleName | undefined): Surroundings {
    const { world, random } = this;
    const groupOf = (topic: string): SimulatedGroup =>
      new SimulatedGroup(topic, topicPartitions[topic] ?? 1, names);
    const settings = { seed: String(seed), latencyMs: 0, declineRate: 0.2, timeoutRate: 0, timeoutMs: 0 };
    const clock = { nowMs: () => world.nowMs, pause: () => Promise.resolve() };
    return {
      world,
      log: new SimulatedLog(world, topicPartitions),
      stock: new SimulatedStock(world, random),
      provider: new PaymentSimulator(settings, clock, (entry) => this.journal.push(entry)),
      late: [],
      codec,
      faults: { isOn: () => this.faultsAreOn, random, crashChance: random.chance(0.5) ? 0.01 : 0.001 },
      rulesOff: rulesWithout(without),
      onBug: (actor) => this.restart(actor.name),
      memory,
      groups: {
        requests: groupOf(topics.orderRequests.name),
        retries: groupOf(topics.paymentRetries.name),
        adjustments: groupOf(topics.stockAdjustments.name),
      },
    };
  }

  private start(name: string): void {
    const actor: Actor = { name, isAlive: true, pausedUntilMs: 0 };
    this.actors.set(name, actor);
    startProcess(this.around, actor);
  }

  private async step(): Promise<void> {
    this.arrive();
    await this.world.step();
  }

  private publish(): void {
    for (;;) {
      const next = this.scenario.during[this.published];
      if (!next || next.atStep > this.world.steps) return;
      this.around.log.append(next.record);
      this.published += 1;
    }
  }

  /** What was given up on arrives after all. */
  private arrive(): void {
    const { log, late, provider } = this.around;
    if (log.delayed.length > 0 && this.random.chance(0.02)) {
      const [record] = log.delayed.splice(this.random.integer(log.delayed.length), 1);
      if (record) log.append(record);
    }
    if (late.length > 0 && this.random.chance(0.02)) {
      const [charge] = late.splice(this.random.integer(late.length), 1);
      if (charge) provider.chargeNow(charge.paymentKey, charge.order);
    }
  }

  private strike(): void {
    const { harshness: chanceOf, random, around } = this;
    around.stock.endOldServers(false);
    if (random.chance(chanceOf.crash)) around.stock.crash();
    if (random.chance(chanceOf.flush)) around.stock.flush();
    if (random.chance(chanceOf.failOver)) around.stock.failOver();
    if (random.chance(chanceOf.rebalance)) this.rebalance();
    if (random.chance(chanceOf.kill)) this.restart(random.pick(names) ?? '');
    if (random.chance(chanceOf.reset)) this.resetOffsets();
    if (random.chance(chanceOf.pause)) {
      const actor = this.actors.get(random.pick(names) ?? '');
      if (actor) actor.pausedUntilMs = this.world.nowMs + random.integer(chanceOf.pauseMaxMs);
    }
  }

  private someGroup(): SimulatedGroup {
    const { requests, retries, adjustments } = this.around.groups;
    return this.random.pick([requests, requests, retries, adjustments]) ?? requests;
  }

  private rebalance(): void {
    const group = this.someGroup();
    group.assign(this.random.integer(group.owner.length), this.random.pick(names) ?? '');
  }

  private resetOffsets(): void {
    const group = this.someGroup();
    const partition = this.random.integer(group.owner.length);
    group.resetTo(partition, this.random.integer((group.committed[partition] ?? 0) + 1));
  }

  private restart(name: string): void {
    const actor = this.actors.get(name);
    if (actor) this.world.kill(actor);
    for (const group of Object.values(this.around.groups)) {
      for (const [partition, owner] of group.owner.entries()) {
        if (owner === name) group.assign(partition, this.random.pick(names) ?? '');
      }
    }
    this.start(name);
  }

  /** No more faults, every process awake, every partition with one owner. */
  private heal(): void {
    this.faultsAreOn = false;
    this.around.stock.endOldServers(true);
    for (const actor of this.actors.values()) actor.pausedUntilMs = 0;
    for (const group of Object.values(this.around.groups)) {
      for (const partition of group.owner.keys())
        group.assign(partition, names[partition % names.length] ?? '');
    }
  }

  /** Every record is handled again, from the first one on, by a store that may have forgotten all of them. */
  private redeliver(): void {
    if (this.random.chance(0.7)) this.world.nowMs += memory.recordTtlMs + memory.horizonMs;
    const { log, groups } = this.around;
    const requests = log.partitions(topics.orderRequests.name).flat();
    for (const record of requests) {
      if (this.random.chance(0.3)) log.append({ ...record, headers: {} });
    }
    for (const group of [groups.requests, groups.retries]) {
      for (const partition of group.owner.keys()) group.resetTo(partition, 0);
    }
  }

  /** Until nothing is left to do; false when that does not come. */
  private async settle(): Promise<boolean> {
    const limit = this.world.steps + stepsMax;
    while (this.world.steps < limit) {
      this.publish();
      await this.step();
      if (this.world.steps % 16 === 0 && this.isAtRest()) return true;
    }
    return false;
  }

  private isAtRest(): boolean {
    const { log, groups, stock, late } = this.around;
    const { server } = stock.memory;
    const isDone = (group: SimulatedGroup, next: (partition: number) => number | undefined): boolean =>
      log.partitions(group.topic).every((records, partition) => (next(partition) ?? 0) === records.length);
    const { adjusted } = server.generation(server.state.current?.epoch ?? -1);
    const allDone =
      [groups.requests, groups.retries].every((group) => isDone(group, (it) => group.committed[it])) &&
      isDone(groups.adjustments, (it) => adjusted.get(it));
    const isOpen = server.state.current?.open === true && server.state.current.runId === server.runId;
    return allDone && isOpen && log.delayed.length === 0 && late.length === 0;
  }

  private judge(): readonly Violation[] {
    const { log, codec, stock } = this.around;
    const store = stock.memory.server.state;
    return judgeRun({ log, codec, journal: this.journal, store });
  }
}

/** Runs one sale under faults and says what was wrong in the end; the same options give the same run. */
export const runSeed = async (options: RunOptions): Promise<RunEnd> => {
  const run = new Run(options);
  const violations = [...new Set(await run.run())];
  return { seed: options.seed, violations, steps: run.steps };
};
