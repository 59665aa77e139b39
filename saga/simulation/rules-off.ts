import type { EventCodec } from '../../schemas/codec';
import type { DecidedInLog } from '../decided-in-log';
import type { EpochFence } from '../epoch-fence';
import type { Memory, Payment, StockConnection } from '../ports';
import type { Sales } from '../sales';
import type { MemoryServer, MemoryStock } from '../stock/memory-stock';

/**
 * Ways to break one rule of the protocol from outside, by what a process is composed with. The simulator must then find
 * a violation: a rule whose absence nobody notices is not tested. Nothing of this is known to the shipped code.
 */
export interface RulesOff {
  readonly stockConnection: (connection: StockConnection, at: StockPlace) => StockConnection;
  readonly codec: (codec: EventCodec) => EventCodec;
  /** `epochInUse` is the epoch of the process' last command to the store. */
  readonly handlerFence: (fence: EpochFence, epochInUse: () => number) => EpochFence;
  readonly payment: (payment: Payment) => Payment;
  readonly memory: (memory: Memory) => Memory;
  readonly sales: (sales: Sales) => Sales;
  readonly decidedInLog: (decidedInLog: DecidedInLog) => DecidedInLog;
  readonly commitsFirst: boolean;
}

export interface StockPlace {
  readonly stock: MemoryStock;
  readonly server: MemoryServer;
}

export const allRules: RulesOff = {
  stockConnection: (connection) => connection,
  codec: (codec) => codec,
  handlerFence: (fence) => fence,
  payment: (payment) => payment,
  memory: (memory) => memory,
  sales: (sales) => sales,
  decidedInLog: (decidedInLog) => decidedInLog,
  commitsFirst: false,
};

/** A connection with some of its words replaced. */
const changed = (connection: StockConnection, words: Partial<StockConnection>): StockConnection =>
  new Proxy(connection, {
    get: (target, name) => {
      const word: unknown = Reflect.get(words, name) ?? Reflect.get(target, name);
      return typeof word === 'function' ? (word.bind(target) as unknown) : word;
    },
  });

const forgettingDecisions: RulesOff['stockConnection'] = (connection, { server }) =>
  changed(connection, {
    decide: (epoch, requests, memory) => {
      for (const { key } of requests) server.generation(epoch).orders.delete(key);
      return connection.decide(epoch, requests, memory);
    },
  });

const forgettingRefusals: RulesOff['stockConnection'] = (connection, { server }) =>
  changed(connection, {
    decide: async (epoch, requests, memory) => {
      const decisions = await connection.decide(epoch, requests, memory);
      for (const { key } of decisions === 'stale' ? [] : requests) {
        const { orders } = server.generation(epoch);
        if (orders.get(key)?.record.state === 'FAILED') orders.delete(key);
      }
      return decisions;
    },
  });

const withoutEpochCheck: RulesOff['stockConnection'] = (connection, { server }) => {
  server.isAt = () => true;
  return connection;
};

/** As a client that reconnects by itself: its commands reach whatever server is there. */
const reconnecting: RulesOff['stockConnection'] = (first, { stock, server }) => {
  let at = server;
  let inner = Promise.resolve(first);
  const current = (): Promise<StockConnection> => {
    if (!at.isRunning) {
      at = stock.server;
      inner = stock.connect();
    }
    return inner;
  };
  return new Proxy(first, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name);
      if (name === 'closed') return new Promise(() => undefined);
      if (typeof member !== 'function' || name === 'disconnect') return member;
      if (name === 'serverRunId') return () => Promise.resolve(server.runId);
      return async (...args: unknown[]) => {
        const connection = await current();
        return Reflect.apply(Reflect.get(connection, name) as typeof member, connection, args) as unknown;
      };
    },
  });
};

/** A restarted server counts as the one it was, as long as it still holds a generation. */
const trustingRestarts: RulesOff['stockConnection'] = (connection, { server }) => {
  const { current } = server.state;
  if (current) server.state.current = { ...current, runId: server.runId };
  return connection;
};

const settlingTwice: RulesOff['stockConnection'] = (connection, { server }) =>
  changed(connection, {
    settle: (epoch, requests) => {
      for (const { order } of requests) {
        const kept = server.generation(epoch).orders.get(order.key);
        const record = { state: 'RESERVED', atMs: 0, order } as const;
        if (kept) server.generation(epoch).orders.set(order.key, { record, payload: kept.payload });
      }
      return connection.settle(epoch, requests);
    },
  });

const expiringAtSettlement: RulesOff['stockConnection'] = (connection, { server }) =>
  changed(connection, {
    settle: async (epoch, requests) => {
      const settled = await connection.settle(epoch, requests);
      for (const { order } of requests) {
        const kept = server.generation(epoch).orders.get(order.key);
        if (kept) kept.expiresAtMs ??= server.nowMs() + 30;
      }
      return settled;
    },
  });

const neverMissingAnything: RulesOff['stockConnection'] = (connection) =>
  changed(connection, {
    open: (epoch, runId, opening) =>
      connection.open(epoch, runId, { ...opening, rememberedSinceMs: Infinity }),
  });

const neverStaleAtEmission: RulesOff['stockConnection'] = (connection) =>
  changed(connection, {
    emitted: async (epoch, keys, ttlMs) => {
      await connection.emitted(epoch, keys, ttlMs);
      return 'marked';
    },
  });

const neverVoid: RulesOff['codec'] = (codec) => ({
  ...codec,
  decode: (topic, value) => {
    const decoded = codec.decode(topic, value);
    if (decoded.kind !== 'event') return decoded;
    const { event } = decoded;
    if (event.type !== 'OrderCompleted' && event.type !== 'OrderFailed') return decoded;
    return { ...decoded, event: { ...event, epoch: Number.MAX_SAFE_INTEGER } };
  },
});

const fenceByStoreOnly: RulesOff['handlerFence'] = (_fence, epochInUse) => ({
  newestClaim: () => Promise.resolve(epochInUse()),
});

const epochOf = (paymentKey: string): number => Number(paymentKey.slice(paymentKey.lastIndexOf(':') + 1));
const withoutEpoch = (paymentKey: string): string => paymentKey.slice(0, paymentKey.lastIndexOf(':'));

/** One payment key for all epochs: an earlier epoch's key is the same key, so that there seems to be nothing to cancel. */
const oneKeyForAllEpochs: RulesOff['payment'] = (payment) => {
  const charged = new Map<string, number>();
  return {
    ...payment,
    charge: (paymentKey, order, call) => {
      charged.set(withoutEpoch(paymentKey), epochOf(paymentKey));
      return payment.charge(`${withoutEpoch(paymentKey)}:0`, order, call);
    },
    cancel: (paymentKey, call) =>
      charged.get(withoutEpoch(paymentKey)) === epochOf(paymentKey)
        ? payment.cancel(`${withoutEpoch(paymentKey)}:0`, call)
        : Promise.resolve('cancelled'),
  };
};

const neverCancelling: RulesOff['payment'] = (payment) => ({
  ...payment,
  cancel: () => Promise.resolve('cancelled'),
});

/** Each rule's absence; the rules are those of docs/adr/0003-recorded-decisions-and-epochs.md. */
export const withoutRule = {
  'R2 decisions recorded': { stockConnection: forgettingDecisions },
  'R2 refusals recorded': { stockConnection: forgettingRefusals },
  'R3 epoch checked': { stockConnection: withoutEpochCheck },
  'R4 run id gate': { stockConnection: reconnecting },
  'R5 fence in the log': { codec: neverVoid },
  'R6 check after the acknowledgement': {
    handlerFence: fenceByStoreOnly,
    stockConnection: neverStaleAtEmission,
  },
  'R6 check in the log': { handlerFence: fenceByStoreOnly },
  'R7 commit last': { commitsFirst: true },
  'R8 charges by epoch': { payment: oneKeyForAllEpochs },
  'R8 cancel is done': { payment: neverCancelling },
  'R9 settle once': { stockConnection: settlingTwice },
  'R10 expiry after emission': { stockConnection: expiringAtSettlement },
  'R11 horizon': { memory: () => ({ horizonMs: Infinity, recordTtlMs: 30 }) },
  'R11 forgotten keys': { stockConnection: neverMissingAnything },
  'R11 index read': { decidedInLog: (it) => ({ ...it, absentThroughMs: () => Infinity }) },
  'R12 rebuild on every restart': { stockConnection: trustingRestarts },
  'sales as of the order': {
    sales: (sales) => ({ ...sales, isOff: (itemId) => sales.isOff(itemId, Infinity) }),
  },
  'sales caught up': { sales: (sales) => ({ ...sales, catchUp: () => Promise.resolve() }) },
} as const satisfies Readonly<Record<string, Partial<RulesOff>>>;

export type RuleName = keyof typeof withoutRule;

export const rulesWithout = (rule: RuleName | undefined): RulesOff =>
  rule === undefined ? allRules : { ...allRules, ...withoutRule[rule] };
