"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.loadGeneration = void 0;
const topics_1 = require("../schemas/topics");
const intake_1 = require("./intake");
const postponed_order_1 = require("../schemas/postponed-order");
const sales_1 = require("./sales");
const stock_fold_1 = require("./stock-fold");
/** Entries in one call; 500 records are 60 kB and take the server about 2 ms. */
const loadMax = 500;
/** Another generation has the store: what was loaded so far belongs to nobody. */
class Outrun extends Error {
    name = 'Outrun';
}
const mustBeOurs = async (work) => {
    if ((await work) === 'stale')
        throw new Outrun();
};
/** The event of a record, or undefined for what is none: nobody folds it, and its writer's reader has reported it. */
const eventOf = (decoded) => decoded.kind === 'event' ? decoded.event : undefined;
/** Waits only for a schema id not met before; a promise for every record would be a twentieth of a rebuild. */
const learnAndDecode = async (codec, topic, value, schemaId) => {
    await codec.learn(schemaId);
    return codec.decode(topic, value);
};
const chunks = (all) => Array.from({ length: Math.ceil(all.length / loadMax) }, (_, index) => all.slice(index * loadMax, (index + 1) * loadMax));
class Loading {
    fold = new stock_fold_1.StockFold();
    parts;
    connection;
    epoch;
    markers;
    loading = Promise.resolve();
    read = 0;
    total = 0;
    constructor(parts, connection, epoch, markers) {
        this.parts = parts;
        this.connection = connection;
        this.epoch = epoch;
        this.markers = markers;
    }
    progress() {
        const { events, unresolved } = this.fold.voids();
        const { epoch, read, total } = this;
        return { epoch, read, total, voidEvents: events, unresolvedVoids: unresolved };
    }
    /** Outcomes up to the markers: what stands behind them is void or of this epoch. */
    async outcomes() {
        const topic = topics_1.topics.orderOutcomes.name;
        const ranges = await this.parts.admin.ranges(topic);
        this.total = ranges.reduce((sum, { partition, low }) => sum + (this.markers.ends.get(partition) ?? low) - low, 0);
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
    async adjustments() {
        const topic = topics_1.topics.stockAdjustments.name;
        const { reader, items } = this.parts;
        const all = [];
        const ends = await reader.read({ topic, onRecords: (records) => this.gather(all, records) });
        await items.catchUp();
        this.tell();
        for (const record of all)
            await this.foldAdjustment(record);
        return ends;
    }
    gather(all, records) {
        all.push(...records);
        this.tell();
    }
    tell() {
        this.parts.onProgress(this.progress());
    }
    async foldAdjustment(record) {
        const { codec } = this.parts;
        const topic = topics_1.topics.stockAdjustments.name;
        let decoded = codec.decode(topic, record.value);
        if (decoded.kind === 'unknown-schema')
            decoded = await learnAndDecode(codec, topic, record.value, decoded.schemaId);
        const event = eventOf(decoded);
        if (event?.type !== 'StockAdjusted' && event?.type !== 'BuyerLimitSet')
            return;
        if (this.parts.items.ledger.tookEffectAt(record, event.command_id))
            this.fold.adjustment(event);
    }
    /** Orders whose payment is unknown: their requests' offsets have moved on, so this topic is where they live. */
    async postponed() {
        const { parts, fold, markers } = this;
        const sales = (0, sales_1.salesOf)(parts.items);
        const topic = topics_1.topics.paymentRetries.name;
        await parts.reader.read({
            topic,
            onRecords: async (records) => {
                const kept = [];
                for (const record of records) {
                    const { key, order } = await (0, intake_1.takeIn)(parts.codec, record);
                    const isOffSale = order !== undefined && sales.isOff(order.itemId, (0, postponed_order_1.requestedAtMs)(record));
                    const found = key === undefined ? undefined : fold.postponed({ key, order, isOffSale }, markers.atMs);
                    if (found)
                        kept.push({ record: found, keepForMs: undefined });
                }
                await this.keep(kept);
                this.tell();
            },
        });
        this.tell();
    }
    async totals() {
        const { connection, epoch, fold } = this;
        const load = async (work) => {
            await mustBeOurs(work);
            this.tell();
        };
        for (const items of chunks(fold.items()))
            await load(connection.loadItems(epoch, items, []));
        for (const buyers of chunks(fold.buyers()))
            await load(connection.loadItems(epoch, [], buyers));
        for (const ids of chunks(fold.commandIds()))
            await load(connection.loadCommandIds(epoch, ids));
    }
    async foldOutcomes(records) {
        const { parts, markers, fold } = this;
        const topic = topics_1.topics.orderOutcomes.name;
        const kept = [];
        for (const record of records) {
            let decoded = parts.codec.decode(topic, record.value);
            if (decoded.kind === 'unknown-schema')
                decoded = await learnAndDecode(parts.codec, topic, record.value, decoded.schemaId);
            const event = eventOf(decoded);
            if (event?.type !== 'OrderCompleted' && event?.type !== 'OrderFailed' && event?.type !== 'EpochStarted')
                continue;
            const reading = fold.outcome(record.partition, event, record.appendedAtMs);
            const keepForMs = parts.memory.recordTtlMs - (markers.atMs - record.appendedAtMs);
            if (reading.kind === 'first' && keepForMs > 0)
                kept.push({ record: reading.record, keepForMs });
        }
        return kept;
    }
    async keep(orders) {
        await Promise.all(chunks(orders).map((some) => mustBeOurs(this.connection.loadOrders(this.epoch, some))));
    }
}
/** Folds the log into the store's generation `epoch`, which must be closed and ours. */
const loadGeneration = async (parts, connection, epoch, markers) => {
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
    }
    catch (error) {
        if (error instanceof Outrun)
            return { kind: 'outrun' };
        throw error;
    }
};
exports.loadGeneration = loadGeneration;
//# sourceMappingURL=load-generation.js.map