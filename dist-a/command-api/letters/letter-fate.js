"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.fateOf = exports.subjectNow = exports.redrivesMax = void 0;
const letter_filter_1 = require("../../migrations/letters/letter-filter");
const dead_letter_1 = require("../../schemas/dead-letter");
const topics_1 = require("../../schemas/topics");
/** A letter that failed this often is not tried again: it is discarded, or its cause is mended first. */
exports.redrivesMax = 5;
const eventOf = ({ decoded }) => decoded.kind === 'event' ? decoded.event : undefined;
/** The request_id or command_id that a letter is about, as far as its key and bytes tell now. */
const subjectNow = (letter) => (0, dead_letter_1.subjectOf)(letter.topic, letter.key, eventOf(letter));
exports.subjectNow = subjectNow;
const failsAgain = (subject, detail) => ({
    effect: 'FAILED_AGAIN',
    subject: subject ?? null,
    detail,
});
/** Why a record of this topic is never appended by us. */
const notOurs = (topic) => topic === topics_1.topics.orderOutcomes.name
    ? 'NOT_REDRIVABLE: only the saga writes order-outcomes; the record stands there, and make replay VIEW=orders reads it'
    : `NOT_REDRIVABLE: nothing is redriven to ${topic}`;
const decodedFate = (letter, event, subject) => {
    if (subject === undefined)
        return failsAgain(subject, 'NO_SUBJECT: nobody can tell what it is about');
    if (event.type === 'OrderRequested') {
        if (letter.reason === 'CONFLICT')
            return failsAgain(subject, 'CONFLICT: the id is another order’s');
        return event.request_id === subject
            ? { effect: 'APPENDED', subject, key: subject }
            : failsAgain(subject, 'KEY_MISMATCH: the event is of another order than its key');
    }
    const key = 'item_id' in event ? event.item_id : null;
    return key === null
        ? failsAgain(subject, `NOT_REDRIVABLE: ${event.type}`)
        : { effect: 'APPENDED', subject, key };
};
/**
 * What becomes of a letter that is redriven. What is decided already changes nothing, so it comes before the question
 * whether the bytes can be read.
 * @param terminal what was decided about the letter's subject, such as FAILED_UNPROCESSABLE; `undefined`: nothing
 */
const fateOf = (letter, terminal) => {
    const subject = (0, exports.subjectNow)(letter);
    if (!letter_filter_1.openStates.includes(letter.state)) {
        return { effect: 'NOT_OPEN', subject: subject ?? null, detail: letter.state };
    }
    if (letter.topic !== topics_1.topics.orderRequests.name && letter.topic !== topics_1.topics.stockAdjustments.name) {
        return failsAgain(subject, notOurs(letter.topic));
    }
    if (subject !== undefined && terminal !== undefined) {
        return { effect: 'ALREADY_TERMINAL', subject, detail: terminal };
    }
    if (letter.redrives >= exports.redrivesMax) {
        return failsAgain(subject, `REDRIVEN_TOO_OFTEN: ${letter.redrives} times; mend its cause or discard it`);
    }
    switch (letter.decoded.kind) {
        case 'event':
            return decodedFate(letter, letter.decoded.event, subject);
        case 'poison':
            return failsAgain(subject, `${letter.decoded.reason}: ${letter.decoded.detail}`);
        case 'unknown-schema':
            return failsAgain(subject, `UNKNOWN_SCHEMA: schema id ${letter.decoded.schemaId}`);
    }
};
exports.fateOf = fateOf;
//# sourceMappingURL=letter-fate.js.map