"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.streamOrder = exports.hasSeenEnd = void 0;
const event_stream_1 = require("./event-stream");
const order_timeline_1 = require("./order-timeline");
/** Proxies close what is silent for a minute, browsers notice a dead server by it. */
const heartbeatMs = 15_000;
/** Until the view has the order there is nothing that announces it: it is looked for, less and less often. */
const firstLookMs = 250;
/** 2,000 streams of orders that are long in coming are 1,000 looks a second, in five statements. */
const looksMaxMs = 2_000;
/** A client that reads nothing is cut off with this much unread. */
const unreadBytesMax = 64 * 1024;
const reconnectMs = 2_000;
const isEnd = (entry) => entry.effect === 'applied' && entry.type !== 'OrderRequested';
const eventText = (entry, seen) => `id: ${(0, order_timeline_1.formatSeen)(seen)}\nevent: ${entry.type}\ndata: ${JSON.stringify(entry)}\n\n`;
/** Whether a reader who comes back has seen the order's end: there is nothing more to send, ever. */
const hasSeenEnd = (timeline, seen) => {
    const end = timeline.find(isEnd);
    return end !== undefined && end.offset <= seen.outcome;
};
exports.hasSeenEnd = hasSeenEnd;
/** Sends what is new; returns what the reader has seen then, and whether the order's end was among it. */
const sendNew = (response, timeline, before) => {
    let seen = before;
    let isOver = false;
    for (const entry of (0, order_timeline_1.unseen)(timeline, before)) {
        seen = (0, order_timeline_1.seenAfter)(seen, entry);
        response.write(eventText(entry, seen));
        isOver ||= isEnd(entry);
    }
    return { seen, isOver };
};
/** Waits for news of the order, for the client to go, or for the time to look again. */
const pauseFor = async (place, signal) => {
    const leave = () => place.leave();
    signal.addEventListener('abort', leave, { once: true });
    if (signal.aborted)
        leave();
    const why = await place.next();
    place.leave();
    signal.removeEventListener('abort', leave);
    return why === 'full' || signal.aborted ? 'stop' : 'look';
};
const follow = async (response, { findTimeline, isThere, room }, question) => {
    let { seen } = question;
    let wroteAtMs = performance.now();
    for (let lookMs = firstLookMs;; lookMs = Math.min(2 * lookMs, looksMaxMs)) {
        const isShown = seen.request >= 0;
        const place = room.enter(question.key, isShown ? heartbeatMs : lookMs);
        const timeline = isShown || (await isThere(question.key)) ? await findTimeline(question.key) : [];
        const sent = sendNew(response, timeline, seen);
        if (sent.isOver) {
            place.leave();
            return;
        }
        if (sent.seen !== seen)
            wroteAtMs = performance.now();
        ({ seen } = sent);
        if ((await pauseFor(place, question.signal)) === 'stop')
            return;
        if (response.writableLength > unreadBytesMax)
            return;
        if (performance.now() - wroteAtMs < heartbeatMs)
            continue;
        response.write(': heartbeat\n\n');
        wroteAtMs = performance.now();
    }
};
/**
 * Sends an order's events as they come into the view, until it is terminal. A reader that reconnects with
 * `Last-Event-ID` gets what it has not seen. Never rejects: a stream that cannot go on ends, and its reader reconnects.
 */
const streamOrder = async (response, options, question) => {
    response.writeHead(200, { ...event_stream_1.eventStreamHeaders, 'X-Correlation-ID': question.correlationId });
    response.write(`retry: ${reconnectMs}\n\n`);
    try {
        await follow(response, options, question);
    }
    catch (error) {
        options.log.warn('a stream ended early', {
            event: 'stream_failed',
            correlation_id: question.correlationId,
            error,
        });
    }
    response.end();
};
exports.streamOrder = streamOrder;
//# sourceMappingURL=order-stream.js.map