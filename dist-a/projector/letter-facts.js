"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.letterIdOf = exports.commandFacts = exports.letterFacts = void 0;
const log_1 = require("../chassis/kafka/log");
const dead_letter_1 = require("../schemas/dead-letter");
const headers_1 = require("../schemas/headers");
const letter_group_1 = require("../schemas/letter-group");
/** Header bytes need not be text, and jsonb holds no NUL: base64 keeps every byte. */
const headersAsBase64 = (headers) => Object.fromEntries(Object.entries(headers).flatMap(([name, value]) => value === undefined
    ? []
    : [[name.replaceAll('\u0000', ''), Buffer.from(value).toString('base64')]]));
const placeOf = (place) => ({
    source_topic: place.topic,
    source_partition: place.partition,
    source_offset: place.offset,
});
const nothingDone = {
    effect: null,
    subject: null,
    detail: null,
    acted_at: null,
    offset: null,
    failed_at: null,
    failed_reason: null,
    failed_detail: null,
};
/**
 * A letter is known by the record that failed first. One that was redriven and parked again is that letter still: it
 * adds a failure to the redrive, and no copy. It stands in for the first one should that never have been read.
 * @param event what the bytes say, when they say something
 */
const letterFacts = (record, event) => {
    const letter = (0, dead_letter_1.readDeadLetter)(record);
    const redrive = (0, dead_letter_1.readRedrive)(record.headers);
    const identity = redrive?.letter ?? letter.source;
    const row = {
        ...placeOf(identity),
        partition: record.partition,
        offset: record.offset,
        key: record.key,
        value: record.value,
        headers: headersAsBase64((0, dead_letter_1.originalHeaders)(record.headers)),
        reason: letter.reason,
        detail: letter.detail,
        consumer: letter.consumer,
        attempts: letter.attempts,
        correlation_id: (0, headers_1.readMetadata)(record).correlation_id,
        failed_at: letter.failedAtMs,
        parked_at: record.appendedAtMs,
        group_id: (0, letter_group_1.letterGroup)(letter),
        subject: (0, dead_letter_1.subjectOf)(identity.topic, record.key, event) ?? null,
        item_id: event && 'item_id' in event ? event.item_id : null,
        decoded: event ?? null,
        copies: redrive ? 0 : 1,
    };
    if (redrive === undefined)
        return { letters: [row], actions: [], commands: [] };
    const action = {
        ...nothingDone,
        ...placeOf(identity),
        command_id: redrive.commandId,
        failed_at: letter.failedAtMs,
        failed_reason: letter.reason,
        failed_detail: letter.detail,
    };
    return { letters: [row], actions: [action], commands: [] };
};
exports.letterFacts = letterFacts;
const placed = (letters, rest) => letters.flatMap((letter) => {
    const place = (0, log_1.parsePosition)(letter);
    return place === undefined ? [] : [{ ...placeOf(place), ...rest }];
});
const redriven = ({ offset, appendedAtMs }, event) => ({
    letters: [],
    commands: [],
    actions: event.results.flatMap(({ letter, effect, subject, detail }) => placed([letter], {
        ...nothingDone,
        command_id: event.command_id,
        acted_at: appendedAtMs,
        offset,
        effect,
        subject,
        detail,
    })),
});
/** @param event of `dead-letter-commands` */
const commandFacts = (place, event) => {
    const { offset, appendedAtMs } = place;
    const none = { letters: [], actions: [] };
    const command = { rate_per_second: null, note: null, ordered_at: appendedAtMs, offset };
    switch (event.type) {
        case 'LettersPlanned': {
            const { plan_id: command_id, letters, actor } = event;
            return {
                ...none,
                commands: [{ ...command, command_id, kind: 'PLAN', letters: letters.length, actor }],
            };
        }
        case 'RedriveOrdered': {
            const { command_id, letters, actor, note, rate_per_second } = event;
            const row = {
                command_id,
                kind: 'REDRIVE',
                letters: letters.length,
                actor,
                note,
                rate_per_second,
            };
            return { ...none, commands: [{ ...command, ...row }] };
        }
        case 'LettersRedriven':
            return redriven(place, event);
        case 'LettersDiscarded': {
            const { command_id, letters, actor, note } = event;
            const row = { command_id, kind: 'DISCARD', letters: letters.length, actor, note };
            const action = {
                ...nothingDone,
                command_id,
                effect: 'DISCARDED',
                detail: note,
                acted_at: appendedAtMs,
            };
            return {
                letters: [],
                commands: [{ ...command, ...row }],
                actions: placed(letters, { ...action, offset }),
            };
        }
    }
};
exports.commandFacts = commandFacts;
const letterIdOf = (row) => (0, log_1.formatPosition)({ topic: row.source_topic, partition: row.source_partition, offset: row.source_offset });
exports.letterIdOf = letterIdOf;
//# sourceMappingURL=letter-facts.js.map