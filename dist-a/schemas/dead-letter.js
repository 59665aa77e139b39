"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.subjectOf = exports.usableKey = exports.originalHeaders = exports.readDeadLetter = exports.readRedrive = exports.toRedriveHeaders = exports.toDeadLetterRecord = void 0;
const log_1 = require("../chassis/kafka/log");
const fields_1 = require("./fields");
const topics_1 = require("./topics");
const prefix = 'dlq-';
const detailCharactersMax = 500;
/** Headers carry bytes, but tools show lines. */
const oneLine = (text) => text.replaceAll(/[\p{Cc}\p{Cs}\u2028\u2029]+/gu, ' ').slice(0, detailCharactersMax);
/** The letter as a record for `order-dlq`; the original headers stay as they were. */
const toDeadLetterRecord = (record, why) => ({
    topic: topics_1.topics.orderDlq.name,
    key: record.key,
    value: record.value,
    headers: {
        ...record.headers,
        [`${prefix}source-topic`]: record.topic,
        [`${prefix}source-partition`]: String(record.partition),
        [`${prefix}source-offset`]: String(record.offset),
        [`${prefix}reason`]: oneLine(why.reason),
        [`${prefix}detail`]: oneLine(why.detail),
        [`${prefix}consumer`]: oneLine(why.consumer),
        [`${prefix}attempts`]: String(why.attempts),
        [`${prefix}failed-at`]: String(why.failedAtMs),
    },
});
exports.toDeadLetterRecord = toDeadLetterRecord;
const plainText = (value) => {
    if (typeof value === 'string')
        return value;
    return Buffer.isBuffer(value) ? value.toString('utf8') : undefined;
};
const textOf = (headers, name) => plainText(headers[`${prefix}${name}`]);
const countOf = (headers, name) => {
    const text = textOf(headers, name);
    return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
};
const int32Max = 2_147_483_647;
/** The names are no `dlq-` ones: they belong to the redriven record, and stay when it is parked again. */
const redriveOf = 'redrive-of';
const redriveCommand = 'redrive-command';
const toRedriveHeaders = ({ letter, commandId }) => ({
    [redriveOf]: (0, log_1.formatPosition)(letter),
    [redriveCommand]: commandId,
});
exports.toRedriveHeaders = toRedriveHeaders;
/** `undefined` for a record that is no redrive. Total. */
const readRedrive = (headers) => {
    const letter = (0, log_1.parsePosition)(plainText(headers[redriveOf]) ?? '');
    const commandId = plainText(headers[redriveCommand]);
    if (letter === undefined || commandId === undefined || !(0, fields_1.isLine)(commandId, 301))
        return undefined;
    return letter.partition <= int32Max ? { letter, commandId } : undefined;
};
exports.readRedrive = readRedrive;
/**
 * Reads a letter back. Total: a record that somebody put there by hand is a letter about itself, so that it is
 * listed and not lost.
 */
const readDeadLetter = (record) => {
    const { headers } = record;
    const topic = textOf(headers, 'source-topic');
    const partition = countOf(headers, 'source-partition');
    const offset = countOf(headers, 'source-offset');
    const known = topic !== undefined && partition !== undefined && partition <= int32Max && offset !== undefined;
    return {
        source: known ? { topic: oneLine(topic), partition, offset } : place(record),
        reason: oneLine(textOf(headers, 'reason') ?? 'UNKNOWN'),
        detail: oneLine(textOf(headers, 'detail') ?? ''),
        consumer: oneLine(textOf(headers, 'consumer') ?? 'unknown'),
        attempts: Math.min(countOf(headers, 'attempts') ?? 1, int32Max),
        failedAtMs: countOf(headers, 'failed-at') ?? record.appendedAtMs,
    };
};
exports.readDeadLetter = readDeadLetter;
const place = (record) => ({
    topic: record.topic,
    partition: record.partition,
    offset: record.offset,
});
/** The original headers, without the letter's own. */
const originalHeaders = (headers) => Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith(prefix)));
exports.originalHeaders = originalHeaders;
/** A key that an order's outcome may carry: UTF-8, not blank, no control characters. */
const usableKey = (key) => {
    const text = key?.toString('utf8');
    return text !== undefined && (0, fields_1.isOrderKey)(text) && Buffer.from(text).equals(key ?? Buffer.alloc(0))
        ? text
        : undefined;
};
exports.usableKey = usableKey;
/**
 * What a letter is about: an operator's command_id, or an order's request_id. The key comes before the bytes, because
 * the saga refuses under the key what it cannot process.
 */
const subjectOf = (topic, key, event) => {
    if (topic === topics_1.topics.stockAdjustments.name) {
        return event && 'command_id' in event ? event.command_id : undefined;
    }
    return (0, exports.usableKey)(key) ?? (event && 'request_id' in event ? event.request_id : undefined);
};
exports.subjectOf = subjectOf;
//# sourceMappingURL=dead-letter.js.map