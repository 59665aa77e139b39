"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.openReading = void 0;
const topics_1 = require("../schemas/topics");
const accepted_orders_1 = require("./accepted-orders");
const decided_sample_1 = require("./decided-sample");
const lag_monitor_1 = require("./lag-monitor");
const log_ends_1 = require("./log-ends");
const order_lookup_1 = require("./order-lookup");
const order_queries_1 = require("./order-queries");
const order_reader_1 = require("./order-reader");
const places_1 = require("./places");
const view_feed_1 = require("./view-feed");
const view_progress_1 = require("./view-progress");
const waiting_room_1 = require("./waiting-room");
const openFeed = async (parts, pool, progress, told) => {
    const feed = new view_feed_1.ViewFeed({
        pool,
        databaseUrl: parts.config.DATABASE_URL,
        progress,
        log: parts.log,
        onDecided: (keys) => {
            told.decided.add(keys);
            for (const room of told.rooms)
                room.wake(keys);
        },
        onMissed: () => {
            for (const room of told.rooms)
                room.wake(room.keys());
        },
    });
    parts.releasers.add('view feed', () => feed.stop());
    await feed.start();
    return feed;
};
const openReading = async (parts, { admin, pool, redis }) => {
    const { config, releasers } = parts;
    const waiters = new places_1.Places(config.WAITERS_MAX);
    const streams = new places_1.Places(config.STREAMS_MAX);
    const progress = new view_progress_1.ViewProgress(waiters);
    const waitingRoom = new waiting_room_1.WaitingRoom(waiters);
    const streamRoom = new waiting_room_1.WaitingRoom(streams);
    const decided = new decided_sample_1.DecidedSample();
    const feed = await openFeed(parts, pool, progress, { rooms: [waitingRoom, streamRoom], decided });
    const requestEnds = (0, log_ends_1.createLogEnds)(admin, topics_1.topics.orderRequests.name);
    const outcomeEnds = (0, log_ends_1.createLogEnds)(admin, topics_1.topics.orderOutcomes.name);
    const lag = new lag_monitor_1.LagMonitor(progress, {
        [topics_1.topics.orderRequests.name]: requestEnds,
        [topics_1.topics.orderOutcomes.name]: outcomeEnds,
    });
    releasers.add('lag monitor', () => lag.stop());
    lag.start();
    const lookup = new order_lookup_1.OrderLookup({ pool });
    const reader = new order_reader_1.OrderReader({
        lookup,
        findAccepted: (key) => (0, accepted_orders_1.findAccepted)(redis, config.SALE_ID, key),
        requestEnds,
        outcomeEnds,
        progress,
        lag,
        waitingRoom,
        logStartMs: () => (0, order_queries_1.logStartMs)(pool),
        clock: Date.now,
        orderPartitions: config.ORDER_PARTITIONS,
    });
    const stopWaiting = () => {
        waitingRoom.close();
        progress.close();
    };
    return { reader, lookup, waiters, stopWaiting, streamRoom, streams, feed, lag, decided };
};
exports.openReading = openReading;
//# sourceMappingURL=open-reading.js.map