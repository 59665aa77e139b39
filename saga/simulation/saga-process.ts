import { noTracing } from '../../chassis/tracing';
import { silentLog } from '../../chassis/log';
import type { EventCodec } from '../../schemas/codec';
import { followItems } from '../../schemas/follow-items';
import { topics } from '../../schemas/topics';
import { createDecidedInLog } from '../decided-in-log';
import { createEpochFence } from '../epoch-fence';
import { createGate } from '../gate';
import { adjustmentsStartAt, createAdjustmentHandler } from '../handle-adjustments';
import { createOrderHandler } from '../handle-orders';
import { observeNothing } from '../observe';
import { createBudgetedPayment } from '../payment/budgeted-payment';
import type { PaymentSimulator } from '../payment/simulator';
import type { Memory, StockConnection, StockConnector } from '../ports';
import { reconcile } from '../reconcile';
import { salesOf } from '../sales';
import { createStockCatchUp } from '../stock-catch-up';
import type { RulesOff } from './rules-off';
import { runLane, type LaneParts, type SimulatedGroup } from './simulated-group';
import { connectLog, type LogFaults, type SimulatedLog } from './simulated-log';
import { connectPayment, type LateCharges } from './simulated-payment';
import { connectSimulatedStock, type SimulatedStock, type StockFaults } from './simulated-stock';
import type { Actor, World } from './world';

const groupNames = ['requests', 'retries', 'adjustments'] as const;
export type GroupName = (typeof groupNames)[number];

/** What all processes of a run share. */
export interface Surroundings {
  readonly world: World;
  readonly log: SimulatedLog;
  readonly stock: SimulatedStock;
  readonly provider: PaymentSimulator;
  readonly late: LateCharges;
  readonly codec: EventCodec;
  readonly faults: LogFaults & StockFaults;
  readonly rulesOff: RulesOff;
  readonly memory: Memory;
  readonly onBug: (actor: Actor) => void;
  readonly groups: Readonly<Record<GroupName, SimulatedGroup>>;
}

/** Short, so that an unknown payment is often postponed. */
const paymentBudget = { budgetMs: 150, inFlightMax: 4 };
/** Of two processes one gives an unknown payment up at once, and the other one hardly ever. */
const paymentGiveUpMs = (actor: Actor): number => (actor.name.endsWith('0') ? 0 : 60_000);

/** Remembers the epoch of the last command, which is all that a process without the log's fence knows. */
const noting = (connector: StockConnector, note: (epoch: number) => void): StockConnector => ({
  connect: async () => {
    const connection = await connector.connect();
    const decide: StockConnection['decide'] = (epoch, requests, memory) => {
      note(epoch);
      return connection.decide(epoch, requests, memory);
    };
    return new Proxy(connection, {
      get: (target, name) => (name === 'decide' ? decide : (Reflect.get(target, name) as unknown)),
    });
  },
});

type Handled = Pick<LaneParts, 'handler' | 'startAt'>;

/** The code that production runs, composed with the simulation's ports. */
const composeHandlers = (around: Surroundings, actor: Actor): Readonly<Record<GroupName, Handled>> => {
  const { world, rulesOff, faults } = around;
  const codec = rulesOff.codec(around.codec);
  const log = connectLog(around.log, world, actor, faults);
  const clock = world.clockOf(actor);
  const memory = rulesOff.memory(around.memory);
  const fence = createEpochFence(log);
  const items = followItems({ reader: log, admin: log, codec });
  const ports = { producer: log, reader: log, admin: log, codec, clock, memory, fence, items };
  const common = {
    ...ports,
    holder: actor.name,
    log: silentLog,
    atStep: () => undefined,
    wallClockMs: () => world.nowMs,
    observe: observeNothing,
    tracing: noTracing,
    onProgress: () => undefined,
  };
  let epochInUse = -1;
  const stock = connectSimulatedStock(around.stock, world, actor, { faults, rulesOff });
  const gate = createGate({
    ...common,
    connector: noting(stock, (epoch) => {
      epochInUse = epoch;
    }),
    reconcile: (connection, runId, reason, signal) =>
      reconcile({ ...common, signal }, connection, runId, reason),
  });
  const decidedInLog = createDecidedInLog(
    { ...common, answerAgeMaxMs: memory.horizonMs / 2 },
    new AbortController().signal,
  );
  void decidedInLog.keepReading();
  const provider = connectPayment(around.provider, around.late, { world, actor, faults });
  const orders = {
    ...common,
    gate,
    fence: rulesOff.handlerFence(fence, () => epochInUse),
    payment: rulesOff.payment(
      createBudgetedPayment(provider, paymentBudget, clock, () => faults.random.next()),
    ),
    paymentGiveUpMs: paymentGiveUpMs(actor),
    catchUpWithStock: createStockCatchUp(log, clock),
    sales: rulesOff.sales(salesOf(items)),
    decidedInLog: rulesOff.decidedInLog(decidedInLog),
  };
  return {
    requests: { handler: createOrderHandler({ ...orders, onUnknownPayment: 'resend' }) },
    retries: { handler: createOrderHandler({ ...orders, onUnknownPayment: 'hold' }) },
    adjustments: { handler: createAdjustmentHandler({ ...common, gate }), startAt: adjustmentsStartAt(gate) },
  };
};

/** Starts a process; it lives until its actor is killed. */
export const startProcess = (around: Surroundings, actor: Actor): void => {
  const { world, log, faults, rulesOff } = around;
  const handlers = composeHandlers(around, actor);
  for (const name of groupNames) {
    const group = around.groups[name];
    for (const partition of log.partitions(group.topic).keys()) {
      void runLane({
        world,
        actor,
        log,
        group,
        partition,
        ...handlers[name],
        random: faults.random,
        faultsAreOn: () => faults.isOn(),
        commitsFirst: rulesOff.commitsFirst,
        onBug: () => around.onBug(actor),
      });
    }
  }
};

export const topicPartitions: Readonly<Record<string, number>> = {
  [topics.orderRequests.name]: 2,
  [topics.orderOutcomes.name]: 2,
  [topics.paymentRetries.name]: 1,
  [topics.stockAdjustments.name]: 1,
  [topics.sagaEpochs.name]: 1,
  [topics.orderDlq.name]: 1,
};
