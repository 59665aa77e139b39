import type { LogAdmin, LogReader, LogRecord } from '../chassis/kafka/log';
import type { Decoded, EventCodec } from '../schemas/codec';
import type { ItemFollower } from '../schemas/follow-items';
import type { DomainEvent } from '../schemas/events';
import { topics, type TopicName } from '../schemas/topics';
import type { Markers } from './append-epoch';
import { takeIn } from './intake';
import type { KeptOrder, Memory, Opening, Stale, StockConnection } from './ports';
import { requestedAtMs } from '../schemas/postponed-order';
import { salesOf } from './sales';
import { StockFold } from './stock-fold';

export interface LoadParts {
  readonly reader: LogReader;
  readonly admin: Pick<LogAdmin, 'ranges'>;
  readonly codec: EventCodec;
  readonly items: ItemFollower;
  readonly memory: Memory;
  /** After each piece of work and each read, so that slow can be told from stuck. */
  readonly onProgress: (progress: Progress) => void;
}

export interface Progress {
  readonly epoch: number;
  readonly read: number;
  readonly total: number;
  readonly voidEvents: number;
  /** Orders that have nothing but void outcomes so far: they are decided again. */
  readonly unresolvedVoids: number;
}

/** Entries in one call; 500 records are 60 kB and take the server about 2 ms. */
const loadMax = 500;

/** Another generation has the store: what was loaded so far belongs to nobody. */
class Outrun extends Error {
  override readonly name = 'Outrun';
}

const mustBeOurs = async (work: Promise<Stale | 'loaded'>): Promise<void> => {
  if ((await work) === 'stale') throw new Outrun();
};

/** The event of a record, or undefined for what is none: nobody folds it, and its writer's reader has reported it. */
const eventOf = (decoded: Decoded): DomainEvent | undefined =>
  decoded.kind === 'event' ? decoded.event : undefined;

/** Waits only for a schema id not met before; a promise for every record would be a twentieth of a rebuild. */
const learnAndDecode = async (
  codec: EventCodec,
  topic: TopicName,
  value: LogRecord['value'],
  schemaId: number,
): Promise<Decoded> => {
  await codec.learn(schemaId);
  return codec.decode(topic, value);
};

const chunks = <T>(all: readonly T[]): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(all.length / loadMax) }, (_, index) =>
    all.slice(index * loadMax, (index + 1) * loadMax),
  );

class Loading {
  readonly fold = new StockFold();
  private readonly parts: LoadParts;
  private readonly connection: StockConnection;
  private readonly epoch: number;
  private readonly markers: Markers;
  private loading: Promise<void> = Promise.resolve();
  private read = 0;
  private total = 0;

  constructor(parts: LoadParts, connection: StockConnection, epoch: number, markers: Markers) {
    this.parts = parts;
    this.connection = connection;
    this.epoch = epoch;
    this.markers = markers;
  }

  progress(): Progress {
    const { events, unresolved } = this.fold.voids();
    const { epoch, read, total } = this;
    return { epoch, read, total, voidEvents: events, unresolvedVoids: unresolved };
  }

  /** Outcomes up to the markers: what stands behind them is void or of this epoch. */
  async outcomes(): Promise<void> {
    const topic = topics.orderOutcomes.name;
    const ranges = await this.parts.admin.ranges(topic);
    this.total = ranges.reduce(
      (sum, { partition, low }) => sum + (this.markers.ends.get(partition) ?? low) - low,
      0,
    );
    await this.parts.reader.read({
      topic,
      to: this.markers.ends,
      withHeaders: false,
      onRecords: async (records) => {
        const kept = await this.foldOutcomes(records);
        /** One piece is on its way to the store while the next one is folded: they are different processes' work. */
        await this.loading;
        this.loading = this.keep(kept);
        this.loading.catch(() => undefined);
        this.read += records.length;
        this.tell();
      },
    });
    await this.loading;
    this.tell();
  }

  /** Adjustments up to the end: from there on they are applied one by one. */
  async adjustments(): Promise<ReadonlyMap<number, number>> {
    const topic = topics.stockAdjustments.name;
    const { reader, items } = this.parts;
    const all: LogRecord[] = [];
    const ends = await reader.read({ topic, onRecords: (records) => this.gather(all, records) });
    await items.catchUp();
    this.tell();
    for (const record of all) await this.foldAdjustment(record);
    return ends;
  }

  private gather(all: LogRecord[], records: readonly LogRecord[]): void {
    all.push(...records);
    this.tell();
  }

  private tell(): void {
    this.parts.onProgress(this.progress());
  }

  private async foldAdjustment(record: LogRecord): Promise<void> {
    const { codec } = this.parts;
    const topic = topics.stockAdjustments.name;
    let decoded = codec.decode(topic, record.value);
    if (decoded.kind === 'unknown-schema')
      decoded = await learnAndDecode(codec, topic, record.value, decoded.schemaId);
    const event = eventOf(decoded);
    if (event?.type !== 'StockAdjusted' && event?.type !== 'BuyerLimitSet') return;
    if (this.parts.items.ledger.tookEffectAt(record, event.command_id)) this.fold.adjustment(event);
  }

  /** Orders whose payment is unknown: their requests' offsets have moved on, so this topic is where they live. */
  async postponed(): Promise<void> {
    const { parts, fold, markers } = this;
    const sales = salesOf(parts.items);
    const topic = topics.paymentRetries.name;
    await parts.reader.read({
      topic,
      onRecords: async (records) => {
        const kept: KeptOrder[] = [];
        for (const record of records) {
          const { key, order } = await takeIn(parts.codec, record);
          const isOffSale = order !== undefined && sales.isOff(order.itemId, requestedAtMs(record));
          const found =
            key === undefined ? undefined : fold.postponed({ key, order, isOffSale }, markers.atMs);
          if (found) kept.push({ record: found, keepForMs: undefined });
        }
        await this.keep(kept);
        this.tell();
      },
    });
    this.tell();
  }

  async totals(): Promise<void> {
    const { connection, epoch, fold } = this;
    const load = async (work: Promise<Stale | 'loaded'>): Promise<void> => {
      await mustBeOurs(work);
      this.tell();
    };
    for (const items of chunks(fold.items())) await load(connection.loadItems(epoch, items, []));
    for (const buyers of chunks(fold.buyers())) await load(connection.loadItems(epoch, [], buyers));
    for (const ids of chunks(fold.commandIds())) await load(connection.loadCommandIds(epoch, ids));
  }

  private async foldOutcomes(records: readonly LogRecord[]): Promise<readonly KeptOrder[]> {
    const { parts, markers, fold } = this;
    const topic = topics.orderOutcomes.name;
    const kept: KeptOrder[] = [];
    for (const record of records) {
      let decoded = parts.codec.decode(topic, record.value);
      if (decoded.kind === 'unknown-schema')
        decoded = await learnAndDecode(parts.codec, topic, record.value, decoded.schemaId);
      const event = eventOf(decoded);
      if (event?.type !== 'OrderCompleted' && event?.type !== 'OrderFailed' && event?.type !== 'EpochStarted')
        continue;
      const reading = fold.outcome(record.partition, event, record.appendedAtMs);
      const keepForMs = parts.memory.recordTtlMs - (markers.atMs - record.appendedAtMs);
      if (reading.kind === 'first' && keepForMs > 0) kept.push({ record: reading.record, keepForMs });
    }
    return kept;
  }

  private async keep(orders: readonly KeptOrder[]): Promise<void> {
    await Promise.all(chunks(orders).map((some) => mustBeOurs(this.connection.loadOrders(this.epoch, some))));
  }
}

export type Loaded =
  | { readonly kind: 'loaded'; readonly opening: Opening; readonly progress: Progress }
  | { readonly kind: 'outrun' };

/** Folds the log into the store's generation `epoch`, which must be closed and ours. */
export const loadGeneration = async (
  parts: LoadParts,
  connection: StockConnection,
  epoch: number,
  markers: Markers,
): Promise<Loaded> => {
  const loading = new Loading(parts, connection, epoch, markers);
  try {
    await loading.outcomes();
    const adjusted = await loading.adjustments();
    await loading.postponed();
    await loading.totals();
    const opening = {
      adjusted,
      startedEpochs: loading.fold.startedEpochs(),
      rememberedSinceMs: loading.fold.oldestOutcomeAtMs() ?? markers.atMs,
    };
    return { kind: 'loaded', opening, progress: loading.progress() };
  } catch (error) {
    if (error instanceof Outrun) return { kind: 'outrun' };
    throw error;
  }
};
