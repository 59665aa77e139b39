"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.readTotalsQuery = exports.readStuckQuery = exports.readPage = exports.isTimeCursor = exports.encodeCursor = exports.readRequestId = exports.readOrderQuery = exports.invalidParameters = exports.waitMsMax = void 0;
const config_1 = require("../chassis/config");
const instant_1 = require("../chassis/instant");
const problem_1 = require("../chassis/http/problem");
const log_1 = require("../chassis/kafka/log");
const fields_1 = require("../schemas/fields");
const topics_1 = require("../schemas/topics");
/** Longer waits are cut to this: proxies give up after 60 s, and a client can ask again. */
exports.waitMsMax = 30_000;
/** What `position` waits without `wait`. */
const positionWaitMs = 2_000;
const pageMax = 100;
const pageDefault = 20;
/** 400 that names every fault. */
const invalidParameters = (errors) => new problem_1.ProblemError({ status: 400, error: 'INVALID_PARAMETER', title: 'A parameter is not usable', errors });
exports.invalidParameters = invalidParameters;
/** Collects the faults of a query, so that all are told at once. */
class QueryReading {
    #query;
    #faults = [];
    constructor(query) {
        this.#query = query;
    }
    read(field, parse, message) {
        const given = this.#query[field];
        if (given === undefined)
            return undefined;
        const value = typeof given === 'string' ? parse(given) : undefined;
        if (value === undefined)
            this.#faults.push({ field, message });
        return value;
    }
    end() {
        if (this.#faults.length > 0)
            throw (0, exports.invalidParameters)(this.#faults);
    }
}
/** A unit is required: whether a bare 10 means seconds or milliseconds, people disagree. */
const parseWait = (text) => /[a-z]$/.test(text) ? (0, config_1.parseDurationMs)(text) : undefined;
const ordersTopics = new Set([topics_1.topics.orderRequests.name, topics_1.topics.orderOutcomes.name]);
const parseOrderPosition = (text) => {
    const position = (0, log_1.parsePosition)(text);
    return position !== undefined && ordersTopics.has(position.topic) ? position : undefined;
};
/** @throws ProblemError 400 that names every fault. */
const readOrderQuery = (query) => {
    const reading = new QueryReading(query);
    const wait = reading.read('wait', parseWait, 'must be a duration such as 500ms or 10s');
    const position = reading.read('position', parseOrderPosition, 'must be a position of an order topic, as the 202 gave it: order-requests:3:42');
    const asOfMs = reading.read('as_of', instant_1.parseInstantMs, 'must be a time such as 2026-11-27T12:00:00Z, or milliseconds since 1970');
    reading.end();
    return {
        waitMs: Math.min(wait ?? (position === undefined ? 0 : positionWaitMs), exports.waitMsMax),
        untilTerminal: wait !== undefined,
        ...(position === undefined ? {} : { position }),
        ...(asOfMs === undefined ? {} : { asOfMs }),
    };
};
exports.readOrderQuery = readOrderQuery;
/** A request_id from a path. @throws ProblemError 400. */
const readRequestId = (text) => {
    if ((0, fields_1.isRequestId)(text))
        return text;
    throw (0, exports.invalidParameters)([
        {
            field: 'request_id',
            message: `must be 1 to ${fields_1.requestIdCharactersMax} characters, not blank, without control characters`,
        },
    ]);
};
exports.readRequestId = readRequestId;
const parseLimit = (text) => {
    const limit = /^\d{1,4}$/.test(text) ? Number(text) : 0;
    return limit >= 1 && limit <= pageMax ? limit : undefined;
};
/** Opaque to clients: the last row's sort key as JSON in base64url. */
const encodeCursor = (key) => Buffer.from(JSON.stringify(key)).toString('base64url');
exports.encodeCursor = encodeCursor;
/** A time in milliseconds and the key of an order, which PostgreSQL takes: it refuses a NUL in a text. */
const isTimeCursor = (value) => Array.isArray(value) &&
    value.length === 2 &&
    Number.isSafeInteger(value[0]) &&
    typeof value[1] === 'string' &&
    !value[1].includes('\u0000');
exports.isTimeCursor = isTimeCursor;
const decodeCursor = (isCursor) => (text) => {
    try {
        const value = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
        return isCursor(value) ? value : undefined;
    }
    catch {
        return undefined;
    }
};
/** @throws ProblemError 400 that names every fault. */
const readPage = (query, isCursor) => {
    const reading = new QueryReading(query);
    const limit = reading.read('limit', parseLimit, `must be an integer from 1 to ${pageMax}`);
    const after = reading.read('cursor', decodeCursor(isCursor), 'must be a next_cursor of this list');
    reading.end();
    return { limit: limit ?? pageDefault, ...(after === undefined ? {} : { after }) };
};
exports.readPage = readPage;
/** @throws ProblemError 400 that names every fault. */
const readStuckQuery = (query) => {
    const reading = new QueryReading(query);
    const isPending = (text) => (text === 'PENDING' ? true : undefined);
    reading.read('state', isPending, 'must be PENDING: other orders are not stuck');
    const olderThan = reading.read('older_than', parseWait, 'must be a duration such as 500ms or 30s');
    const limit = reading.read('limit', parseLimit, `must be an integer from 1 to ${pageMax}`);
    const after = reading.read('cursor', decodeCursor(exports.isTimeCursor), 'must be a next_cursor of this list');
    reading.end();
    return {
        olderThanMs: olderThan ?? 0,
        limit: limit ?? pageDefault,
        ...(after === undefined ? {} : { after }),
    };
};
exports.readStuckQuery = readStuckQuery;
/** Nine digits of hours are still counted exactly in milliseconds; twelve, which a duration may have, are not. */
const parseStepSeconds = (text) => {
    const ms = /^\d{1,9}[a-z]+$/.test(text) ? (0, config_1.parseDurationMs)(text) : undefined;
    return ms !== undefined && ms >= 1_000 && ms % 1_000 === 0 ? ms / 1_000 : undefined;
};
const readTotalsQuery = (query) => {
    const reading = new QueryReading(query);
    const fromMs = reading.read('from', instant_1.parseInstantMs, 'must be a time such as 2026-11-27T12:00:00Z');
    const toMs = reading.read('to', instant_1.parseInstantMs, 'must be a time such as 2026-11-27T12:00:00Z');
    const step = reading.read('step', parseStepSeconds, 'must be whole seconds, such as 1s or 5m');
    reading.end();
    return {
        ...(fromMs === undefined ? {} : { fromMs }),
        ...(toMs === undefined ? {} : { toMs }),
        stepSeconds: step ?? 10,
    };
};
exports.readTotalsQuery = readTotalsQuery;
//# sourceMappingURL=query-parameters.js.map