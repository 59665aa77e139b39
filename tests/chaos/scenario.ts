import type { Buyers } from './buyers';
import type { ChaosSystem, InstanceCounts, ServiceRole } from './chaos-system';
import type { History } from './history';
import type { ServerName } from './private-stack';
import type { Random } from './random';
import type { Shop } from './shop';
import type { Timeline } from './timeline';

/** What a scenario works with, while buyers are pressing all the time. */
export interface Stage {
  readonly system: ChaosSystem;
  readonly timeline: Timeline;
  readonly random: Random;
  readonly buyers: Buyers;
  readonly shop: Shop;
  readonly history: History;
  readonly wait: (milliseconds: number) => Promise<void>;
}

/** One way to break the system, and what must hold while and after. */
export interface Scenario {
  /** `F2`, or a word. */
  readonly id: string;
  readonly title: string;
  /** What has to hold beside the invariants, in words and figures. */
  readonly bound: string;
  /** New orders a second; default 150. */
  readonly ordersPerSecond?: number;
  /** Before the first fault; default 5,000. */
  readonly warmUpMs?: number;
  /** Goes on buying after `act`, so that recovery can be seen; default 8,000. */
  readonly coolDownMs?: number;
  /** Ends the cool-down as soon as orders are accepted at their pace again. */
  readonly coolsDownEarly?: boolean;
  /** How long it was asked to last; for scenarios that last as long as asked. */
  readonly seconds?: number;
  /** Longest time from the last buyer to rest; default 60,000. */
  readonly settleMs?: number;
  readonly counts?: Partial<InstanceCounts>;
  readonly environment?: Readonly<Record<string, string>>;
  readonly kafkaSettings?: Readonly<Record<string, string>>;
  readonly redisArgs?: readonly string[];
  /** Brokers in one cluster; default 1. The links break only the way to the first. */
  readonly brokersCount?: number;
  /** Servers whose data is on a small disk of its own, megabytes. Needs root. */
  readonly diskMb?: Readonly<Partial<Record<ServerName, number>>>;
  /** How long Redis remembers a decision whose outcome is in the log; the horizon is half of it. Default two days. */
  readonly recordTtlMs?: number;
  /** Exit codes by which a service may end by itself here: 70 its Kafka client crashed, 71 offsets, 72 stalled. */
  readonly mayExitWith?: readonly number[];
  /** Part of the short set that `make test-chaos` runs. */
  readonly isSmoke?: boolean;
  /** 99 % of orders are decided within this, for runs without faults. */
  readonly decidedP99Ms?: number;
  /** These run by their test entry points, which can be armed to die at a step. */
  readonly failpoints?: readonly ServiceRole[];
  /** Breaks and heals. Everything must be healed when it resolves. */
  readonly act: (stage: Stage) => Promise<void>;
}
