"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.OrderReader = void 0;
const partitioner_1 = require("../chassis/kafka/partitioner");
const topics_1 = require("../schemas/topics");
const accepted_order_1 = require("../schemas/accepted-order");
const order_answer_1 = require("./order-answer");
const order_status_1 = require("./order-status");
/** How long an id that nobody has heard of holds its asker: longer only helps while the projector is far behind. */
const barrierMs = 2_000;
const requests = topics_1.topics.orderRequests.name;
const outcomes = topics_1.topics.orderOutcomes.name;
/** Waiting longer would not change it. */
const isFinal = (status) => status.kind === 'unknown-order' || (status.kind === 'known' && (0, order_status_1.isTerminal)(status.row));
/** Nothing that the view has not folded yet can add to it. */
const isWholeStory = (status) => isFinal(status) && !(status.kind === 'known' && status.row.request_offset === null);
class OrderReader {
    #ports;
    #askedAfter = new WeakMap();
    constructor(ports) {
        this.#ports = ports;
    }
    /** @throws what PostgreSQL says when the view cannot be read: then nothing true can be said of any order. */
    async read(question) {
        const key = (0, accepted_order_1.orderKey)(question.requestId, question.buyer);
        const endsAtMs = performance.now() + question.waitMs;
        const reached = question.position ? await this.#reach(question.position, question) : 'reached';
        const found = await this.#find(key, question, question.untilTerminal ? endsAtMs : 0);
        const missed = reached !== 'reached' || this.#isAhead(question);
        const isRoomFull = reached === 'full' || found.isRoomFull;
        const first = { ...found, isRoomFull, missed };
        const reply = this.#reply(key, question, await this.#sharpen(key, question, first));
        return reply.kind === 'not-found' && (await this.#isBeforeLog(question)) ? { kind: 'before-log' } : reply;
    }
    /**
     * As of a moment ago, what the view has not folded yet may have happened before that moment: the order is read
     * again once the view has passed where the log ends now, or the answer says that it may be stale.
     */
    async #sharpen(key, { asOfMs }, found) {
        if (asOfMs === undefined || found.missed || isWholeStory(found.status))
            return found;
        const isLevel = await this.#isLevel(key);
        return { ...found, status: await this.#status(key), missed: !isLevel };
    }
    /** Waits a moment for the view to pass what both topics hold now. */
    async #isLevel(key) {
        const { requestEnds, outcomeEnds, progress } = this.#ports;
        const reach = async (topic, asked) => {
            const ends = await asked;
            const partition = (0, partitioner_1.partitionOf)(key, Math.max(1, ends.length));
            const place = { topic, partition, next: ends[partition] ?? 0 };
            return (await progress.reach(place, barrierMs)) === 'reached';
        };
        try {
            const level = [reach(requests, requestEnds.now()), reach(outcomes, outcomeEnds.now())];
            return (await Promise.all(level)).every(Boolean);
        }
        catch {
            return false;
        }
    }
    #isAhead({ asOfMs }) {
        return (asOfMs ?? 0) > this.#ports.clock();
    }
    async #reach({ topic, partition, offset }, { waitMs, interest }) {
        return this.#ports.progress.reach({ topic, partition, next: offset + 1 }, waitMs, interest);
    }
    async #isBeforeLog({ asOfMs }) {
        if (asOfMs === undefined)
            return false;
        const startMs = await this.#ports.logStartMs();
        return startMs === undefined || asOfMs < startMs;
    }
    /** Asks, and asks again whenever the order may have moved, until it is terminal or the time is over. */
    async #find(key, { interest }, endsAtMs) {
        const leftMs = endsAtMs - performance.now();
        if (leftMs <= 0 || interest.isLost)
            return { status: await this.#status(key), isRoomFull: false };
        const place = this.#ports.waitingRoom.enter(key, leftMs);
        interest.onLost(() => place.leave());
        try {
            // Whoever is ready to wait does not mind if the first look is a few milliseconds late.
            let status = await this.#status(key, 'patient');
            while (!isFinal(status)) {
                const woken = await place.next();
                if (typeof woken === 'string')
                    return { status, isRoomFull: woken === 'full' };
                status = await this.#statusAfter(woken);
            }
            return { status, isRoomFull: false };
        }
        finally {
            place.leave();
        }
    }
    /** Asked once for all who heard the same news: a crowd that waits for one order is one question. */
    #statusAfter(news) {
        const asked = this.#askedAfter.get(news);
        if (asked)
            return asked;
        const asking = this.#status(news.key);
        this.#askedAfter.set(news, asking);
        return asking;
    }
    async #status(key, haste = 'now') {
        let findings = {};
        for (;;) {
            const step = (0, order_status_1.nextStep)(findings);
            switch (step.kind) {
                case 'read-view':
                    findings = { ...findings, row: (await this.#ports.lookup.find(key, haste)) ?? 'none' };
                    break;
                case 'read-accepted':
                    findings = { ...findings, accepted: await this.#ports.findAccepted(key) };
                    break;
                case 'await-view':
                    findings = { ...findings, ...(await this.#awaitView(key)) };
                    break;
                case 'answer':
                    return step.answer;
            }
        }
    }
    /** Lets the view pass what is in the log now, then reads the order again, at a moment when it has. */
    async #awaitView(key) {
        const startedAtMs = performance.now();
        let ends;
        try {
            ends = await this.#ports.requestEnds.now();
        }
        catch {
            return { reach: 'unknown', row: 'none' };
        }
        const place = { topic: requests, partition: (0, partitioner_1.partitionOf)(key, Math.max(1, ends.length)) };
        const end = ends[place.partition] ?? 0;
        const leftMs = barrierMs - (performance.now() - startedAtMs);
        await this.#ports.progress.reach({ ...place, next: end }, leftMs);
        const { row, next } = await this.#ports.lookup.findWithProgress(key, place);
        return { reach: next >= end ? 'reached' : 'not-reached', row: row ?? 'none' };
    }
    #reply(key, { buyer, asOfMs }, found) {
        const { status, isRoomFull } = found;
        switch (status.kind) {
            case 'known': {
                const row = asOfMs === undefined ? status.row : (0, order_status_1.orderAt)(status.row, asOfMs);
                if (row === undefined) {
                    // Only its outcome is folded, and it was decided later: it may well have been asked for by then.
                    if (found.missed && status.row.request_offset === null)
                        return this.#cannotTell(key, buyer, isRoomFull);
                    return { kind: 'not-found' };
                }
                const lagMs = this.#staleness(key, outcomes, found.missed);
                return { kind: 'found', answer: (0, order_answer_1.answerOfRow)(row, buyer, { lagMs }), isRoomFull };
            }
            case 'accepted': {
                if (asOfMs !== undefined && status.accepted.requested_at > asOfMs)
                    return { kind: 'not-found' };
                const lagMs = this.#staleness(key, requests, found.missed);
                return { kind: 'found', answer: (0, order_answer_1.answerOfAccepted)(status.accepted, buyer, { lagMs }), isRoomFull };
            }
            case 'unknown-order':
                return { kind: 'not-found' };
            case 'cannot-tell':
                return this.#cannotTell(key, buyer, isRoomFull);
        }
    }
    #cannotTell(key, buyer, isRoomFull) {
        const lagMs = this.#staleness(key, requests, true) ?? null;
        return { kind: 'found', answer: (0, order_answer_1.answerCannotTell)(key, buyer, lagMs), isRoomFull };
    }
    /** A reader who asked for a place that the view has not reached is told so, whatever the lag. */
    #staleness(key, topic, missed) {
        const lag = this.#ports.lag.lag(topic, (0, partitioner_1.partitionOf)(key, this.#ports.orderPartitions));
        return missed && lag === undefined ? 0 : lag;
    }
}
exports.OrderReader = OrderReader;
//# sourceMappingURL=order-reader.js.map