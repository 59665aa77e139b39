import type { LogRecord } from '../../chassis/kafka/log';
import type { EventCodec } from '../../schemas/codec';
import type { OrderOutcome, OrderRequested } from '../../schemas/events';
import { readDeadLetter } from '../../schemas/dead-letter';
import { topics } from '../../schemas/topics';
import type { JournalEntry } from '../payment/simulator';
import type { MemoryState } from '../stock/memory-stock';
import { judgeMoney } from './judge-money';
import { scarceItem } from './scenario';

/** Names of what went wrong; the vocabulary of the history checker where it has one. */
export type Violation =
  | 'unresolved'
  | 'terminal-conflict'
  | 'terminal-changed'
  | 'wrong-payload'
  | 'oversell'
  | 'over-limit'
  | 'sold-off-sale'
  | 'refused-on-sale'
  | 'double-charge'
  | 'charged-failed'
  | 'charged-undecided'
  | 'wrong-amount'
  | 'refunded-completed'
  | 'stock-leak'
  | 'units-leak'
  | 'dlq-missing'
  | 'dlq-wrong';

/** Partitions of each topic as arrays of records: the simulation's log, or a real one that was read to its end. */
export interface JudgedLog {
  partitions(topic: string): readonly (readonly LogRecord[])[];
}

/** What a reader of the log takes as true, computed without any code of the saga. */
export interface History {
  readonly outcomes: ReadonlyMap<string, OrderOutcome>;
  /** First record under a usable key, in the log's order. */
  readonly firsts: ReadonlyMap<string, OrderRequested | 'poison'>;
  readonly conflicting: readonly string[];
}

/** What no two valid outcomes of an order may differ in. */
const saidOf = (outcome: OrderOutcome): string =>
  outcome.type === 'OrderCompleted'
    ? `COMPLETED ${outcome.payment_id}`
    : `${outcome.reason} ${outcome.detail}`;

export const readHistory = (log: JudgedLog, codec: EventCodec): History => {
  const outcomes = new Map<string, OrderOutcome>();
  const conflicting: string[] = [];
  for (const records of log.partitions(topics.orderOutcomes.name)) {
    let newest = -1;
    for (const { value } of records) {
      const decoded = codec.decode(topics.orderOutcomes.name, value);
      if (decoded.kind !== 'event') continue;
      const { event } = decoded;
      if (event.type === 'EpochStarted') newest = Math.max(newest, event.epoch);
      if (event.type !== 'OrderCompleted' && event.type !== 'OrderFailed') continue;
      if (event.epoch < newest) continue;
      const before = outcomes.get(event.request_id);
      if (!before) outcomes.set(event.request_id, event);
      else if (saidOf(before) !== saidOf(event)) conflicting.push(event.request_id);
    }
  }
  return { outcomes, conflicting, firsts: readFirsts(log, codec) };
};

const requestOf = (codec: EventCodec, record: LogRecord): OrderRequested | 'poison' => {
  const decoded = codec.decode(topics.orderRequests.name, record.value);
  if (decoded.kind !== 'event' || decoded.event.type !== 'OrderRequested') return 'poison';
  return decoded.event.request_id === record.key?.toString() ? decoded.event : 'poison';
};

const isSamePayload = (one: OrderRequested, other: OrderRequested): boolean =>
  one.user_id === other.user_id && one.item_id === other.item_id && one.amount === other.amount;

const readFirsts = (log: JudgedLog, codec: EventCodec): ReadonlyMap<string, OrderRequested | 'poison'> => {
  const firsts = new Map<string, OrderRequested | 'poison'>();
  for (const record of log.partitions(topics.orderRequests.name).flat()) {
    const key = record.key?.toString();
    if (key !== undefined && !firsts.has(key)) firsts.set(key, requestOf(codec, record));
  }
  return firsts;
};

const hasPayloadOf = (outcome: OrderOutcome, first: OrderRequested | 'poison'): boolean => {
  if (first === 'poison') return outcome.type === 'OrderFailed' && outcome.reason === 'UNPROCESSABLE';
  const { user_id, item_id, amount } = first;
  return outcome.user_id === user_id && outcome.item_id === item_id && outcome.amount === amount;
};

const judgeOutcomes = ({ outcomes, firsts, conflicting }: History): readonly Violation[] => [
  ...conflicting.map(() => 'terminal-conflict' as const),
  ...[...firsts].flatMap(([key, first]): readonly Violation[] => {
    const outcome = outcomes.get(key);
    if (!outcome) return ['unresolved'];
    return hasPayloadOf(outcome, first) ? [] : ['wrong-payload'];
  }),
];

interface ModeSince {
  readonly mode: string;
  readonly fromMs: number;
}

/** When the sale of the scarce item was what: changes decided at another version than the one they find are none. */
const saleModes = (log: JudgedLog, codec: EventCodec): readonly ModeSince[] => {
  const modes: ModeSince[] = [];
  for (const { value, appendedAtMs } of log.partitions(topics.stockAdjustments.name).flat()) {
    const decoded = codec.decode(topics.stockAdjustments.name, value);
    if (decoded.kind !== 'event' || decoded.event.type !== 'SaleChanged') continue;
    const { mode, expected_version } = decoded.event;
    if (expected_version === modes.length) modes.push({ mode, fromMs: appendedAtMs });
  }
  return modes;
};

/** What was appended while the item was off sale is refused, and nothing else is refused for that. */
const judgeSale = (isOff: boolean, outcome: OrderOutcome): readonly Violation[] => {
  const reason = outcome.type === 'OrderFailed' ? outcome.reason : 'none';
  if (isOff) return reason === 'SALE_CLOSED' || reason === 'EXPIRED' ? [] : ['sold-off-sale'];
  return reason === 'SALE_CLOSED' ? ['refused-on-sale'] : [];
};

const judgeSales = (
  log: JudgedLog,
  codec: EventCodec,
  { outcomes, firsts }: History,
): readonly Violation[] => {
  const modes = saleModes(log, codec);
  const seen = new Set<string>();
  const found: Violation[] = [];
  for (const { key, appendedAtMs } of log.partitions(topics.orderRequests.name).flat()) {
    const id = key?.toString() ?? '';
    const [first, outcome] = [firsts.get(id), outcomes.get(id)];
    if (seen.has(id) || !first || first === 'poison' || !outcome) continue;
    seen.add(id);
    const mode = modes.findLast(({ fromMs }) => fromMs <= appendedAtMs)?.mode ?? 'OPEN';
    found.push(...judgeSale(first.item_id === scarceItem && mode !== 'OPEN', outcome));
  }
  return found;
};

/** Units sold, by item and by buyer of an item. */
const soldUnits = ({ outcomes }: History): ReadonlyMap<string, number> => {
  const sold = new Map<string, number>();
  const add = (name: string, units: number): void => void sold.set(name, (sold.get(name) ?? 0) + units);
  for (const outcome of outcomes.values()) {
    if (outcome.type !== 'OrderCompleted') continue;
    add(outcome.item_id, outcome.amount);
    add(`${outcome.item_id} ${outcome.user_id}`, outcome.amount);
  }
  return sold;
};

const stockedUnits = (log: JudgedLog, codec: EventCodec): ReadonlyMap<string, number> => {
  const commands = new Set<string>();
  const stocked = new Map<string, number>();
  for (const { value } of log.partitions(topics.stockAdjustments.name).flat()) {
    const decoded = codec.decode(topics.stockAdjustments.name, value);
    if (decoded.kind !== 'event' || decoded.event.type !== 'StockAdjusted') continue;
    const { command_id, item_id, delta } = decoded.event;
    if (commands.has(command_id)) continue;
    commands.add(command_id);
    stocked.set(item_id, (stocked.get(item_id) ?? 0) + delta);
  }
  return stocked;
};

/** The most units that a buyer may ever have had, by item; a limit counts as set before the first order. */
const limitsOf = (log: JudgedLog, codec: EventCodec): ReadonlyMap<string, number> => {
  const limits = new Map<string, number>();
  for (const { value } of log.partitions(topics.stockAdjustments.name).flat()) {
    const decoded = codec.decode(topics.stockAdjustments.name, value);
    if (decoded.kind !== 'event' || decoded.event.type !== 'BuyerLimitSet') continue;
    const { item_id, units_max } = decoded.event;
    limits.set(item_id, Math.max(limits.get(item_id) ?? 0, units_max ?? Infinity));
  }
  return limits;
};

const judgeLimits = (
  sold: ReadonlyMap<string, number>,
  limits: ReadonlyMap<string, number>,
): readonly Violation[] =>
  [...sold].flatMap(([name, units]): readonly Violation[] => {
    const [itemId = '', userId] = name.split(' ');
    return userId !== undefined && units > (limits.get(itemId) ?? Infinity) ? ['over-limit'] : [];
  });

/** The store at rest must equal the log. */
const judgeStore = (
  state: MemoryState,
  sold: ReadonlyMap<string, number>,
  stocked: ReadonlyMap<string, number>,
): readonly Violation[] => {
  const generation = state.generations.get(state.current?.epoch ?? -1);
  if (!generation) return ['stock-leak'];
  const leaks = [...stocked].flatMap(([itemId, total]): readonly Violation[] => {
    const item = generation.items.get(itemId);
    const units = sold.get(itemId) ?? 0;
    const isRight =
      item?.total === total && item.sold === units && item.reserved === 0 && item.available === total - units;
    return isRight ? [] : ['stock-leak'];
  });
  const units = [...generation.buyers].flatMap(([buyer, held]): readonly Violation[] =>
    held === (sold.get(buyer) ?? 0) ? [] : ['units-leak'],
  );
  return [...leaks, ...units];
};

const judgeDeadLetters = (
  log: JudgedLog,
  codec: EventCodec,
  firsts: History['firsts'],
): readonly Violation[] => {
  const buried = new Set(
    log
      .partitions(topics.orderDlq.name)
      .flat()
      .map((record) => readDeadLetter(record).source)
      .map(({ topic, partition, offset }) => `${topic}:${partition}:${offset}`),
  );
  return log
    .partitions(topics.orderRequests.name)
    .flat()
    .flatMap((record): readonly Violation[] => {
      const request = requestOf(codec, record);
      const first = firsts.get(record.key?.toString() ?? '');
      const isPlain =
        request !== 'poison' && first !== undefined && first !== 'poison' && isSamePayload(request, first);
      const isBuried = buried.has(`${record.topic}:${record.partition}:${record.offset}`);
      if (isPlain) return isBuried ? ['dlq-wrong'] : [];
      return isBuried ? [] : ['dlq-missing'];
    });
};

export interface Evidence {
  readonly log: JudgedLog;
  readonly codec: EventCodec;
  readonly journal: readonly JournalEntry[];
  readonly store: MemoryState;
}

/** Everything that is wrong with a run at rest. */
export const judgeRun = (evidence: Evidence): readonly Violation[] => {
  const { log, codec, journal, store } = evidence;
  const history = readHistory(log, codec);
  const sold = soldUnits(history);
  const stocked = stockedUnits(log, codec);
  const oversold = [...stocked].some(([itemId, total]) => (sold.get(itemId) ?? 0) > total);
  return [
    ...judgeOutcomes(history),
    ...judgeMoney(history, journal),
    ...(oversold ? ['oversell' as const] : []),
    ...judgeLimits(sold, limitsOf(log, codec)),
    ...judgeSales(log, codec, history),
    ...judgeStore(store, sold, stocked),
    ...judgeDeadLetters(log, codec, history.firsts),
  ];
};
