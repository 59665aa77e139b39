"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.WrittenLog = exports.testCodec = void 0;
const event_codec_1 = require("../../schemas/event-codec");
const event_id_1 = require("../../schemas/event-id");
const headers_1 = require("../../schemas/headers");
exports.testCodec = (0, event_codec_1.createStaticCodec)();
/** A log in memory that tests write by hand: events become the records a consumer would be handed. */
class WrittenLog {
    records = [];
    ends = new Map();
    nowMs = 1_700_000_000_000;
    event(topic, partition, event, key) {
        const metadata = {
            event_id: (0, event_id_1.eventIdOf)(event, partition),
            correlation_id: `correlation of ${key ?? 'none'}`,
            causation_id: `cause of ${key ?? 'none'}`,
            source: 'test',
        };
        return this.raw(topic, partition, {
            key: key === undefined ? null : Buffer.from(key),
            value: exports.testCodec.encode(topic, event),
            headers: (0, headers_1.toHeaders)(event.type, metadata),
        });
    }
    raw(topic, partition, content) {
        const place = `${topic}:${partition}`;
        const offset = this.ends.get(place) ?? 0;
        this.ends.set(place, offset + 1);
        this.nowMs += 7;
        const record = { topic, partition, offset, appendedAtMs: this.nowMs, ...content };
        this.records.push(record);
        return record;
    }
    of(topic, partition) {
        return this.records.filter((record) => record.topic === topic && record.partition === partition);
    }
}
exports.WrittenLog = WrittenLog;
//# sourceMappingURL=written-log.js.map