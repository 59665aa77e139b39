"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.LetterDesk = void 0;
const log_1 = require("../../chassis/kafka/log");
const problem_1 = require("../../chassis/http/problem");
const letter_filter_1 = require("../../migrations/letters/letter-filter");
const command_digest_1 = require("../../schemas/command-digest");
const event_id_1 = require("../../schemas/event-id");
const new_record_1 = require("../../schemas/new-record");
const topics_1 = require("../../schemas/topics");
const buy_1 = require("../buy");
const letter_source_1 = require("./letter-source");
const classes = {
    APPENDED: 'redriven',
    ALREADY_TERMINAL: 'already_terminal',
    FAILED_AGAIN: 'fails_again',
    NOT_OPEN: 'not_open',
};
const samplesMax = 5;
const planNotFound = {
    status: 404,
    error: 'PLAN_NOT_FOUND',
    title: 'There is no such plan',
    detail: 'The last hundred dry runs are kept. Make a new one.',
};
const noLetters = {
    status: 422,
    error: 'NO_LETTERS',
    title: 'No open letter is selected',
    detail: 'Only letters that are PARKED or FAILED_AGAIN can be redriven or discarded.',
};
const lettersNotFound = (ids) => ({
    status: 422,
    error: 'LETTERS_NOT_FOUND',
    title: 'Some letters do not exist',
    errors: ids.slice(0, 20).map((id) => ({ field: 'ids', message: `${id} is no dead letter` })),
});
/** @throws ProblemError unless the command is in the log. */
const positionOf = (submitted) => {
    switch (submitted.kind) {
        case 'appended':
        case 'accepted':
            return {
                position: (0, log_1.formatPosition)(submitted.first.position),
                isReplayed: submitted.kind === 'accepted',
            };
        case 'in-flight':
            throw new problem_1.ProblemError((0, buy_1.inFlight)(submitted.retryAfterMs));
        case 'mismatch':
            throw new problem_1.ProblemError(buy_1.payloadMismatch);
        case 'unavailable':
            throw new problem_1.ProblemError((0, buy_1.unavailable)(submitted.reason, submitted.retryAfterMs));
        case 'refused':
        case 'limited':
            throw new Error('a command on letters is neither limited nor refused on its way');
    }
};
/** Takes operators' commands on dead letters. Every answer of success stands on an event that Kafka acknowledged. */
class LetterDesk {
    #parts;
    constructor(parts) {
        this.#parts = parts;
    }
    /** Freezes the list in the log and predicts what a redrive does to each letter. A repeat finds the same list. */
    async plan(command, trace) {
        const { ledger, producer, clock } = this.#parts;
        await ledger.catchUp();
        const planId = (0, event_id_1.uuidV5)(`${command.commandId}:plan:${command.payload}`);
        if (ledger.plan(planId) === undefined) {
            const letters = await this.#select(command);
            const event = {
                type: 'LettersPlanned',
                plan_id: planId,
                letters,
                actor: command.actor,
                planned_at: clock(),
            };
            const outcome = await producer.send(this.#record(event, trace));
            if (outcome.kind !== 'acked')
                throw new problem_1.ProblemError((0, buy_1.unavailable)('unknown', 1_000));
            await ledger.catchUp();
        }
        return this.#predict(planId, ledger.plan(planId) ?? []);
    }
    /** Puts the order to redrive into the log, with its whole list, or the discard itself. */
    async order(command, trace) {
        const { ledger, onOrdered } = this.#parts;
        await ledger.catchUp();
        const known = ledger.find(command.commandId);
        const answer = { commandId: command.commandId, correlationId: trace.correlationId };
        if (known) {
            const isOther = known.kind !== command.verb || (0, command_digest_1.isOtherCommand)(known.digest, command.payload);
            if (isOther)
                throw new problem_1.ProblemError(buy_1.payloadMismatch);
            return { ...answer, letters: known.letters, position: null, isReplayed: true };
        }
        const letters = await this.#open(await this.#select(command));
        if (letters.length === 0)
            throw new problem_1.ProblemError(noLetters);
        const event = await this.#eventOf(command, letters);
        const submitted = await this.#parts.path.submit({
            claim: {
                recordKey: `{${this.#parts.saleId}}:command:${command.commandId}`,
                payload: command.payload,
                correlationId: trace.correlationId,
            },
            record: this.#recordOfCommand(command, event, trace),
            firstAnswer: (position) => ({
                request_id: command.commandId,
                correlation_id: trace.correlationId,
                position,
            }),
        });
        const placed = positionOf(submitted);
        onOrdered();
        return { ...answer, letters: letters.length, ...placed };
    }
    async #select({ selection, limit }) {
        const { db, ledger } = this.#parts;
        switch (selection.kind) {
            case 'plan': {
                const letters = ledger.plan(selection.planId);
                if (letters === undefined)
                    throw new problem_1.ProblemError(planNotFound);
                return letters.slice(0, limit);
            }
            case 'ids': {
                const states = await (0, letter_source_1.statesOf)(db, selection.ids);
                const missing = selection.ids.filter((id) => !states.has(id));
                if (missing.length > 0)
                    throw new problem_1.ProblemError(lettersNotFound(missing));
                return selection.ids.slice(0, limit);
            }
            case 'filter':
                return (0, letter_source_1.selectLetters)(db, selection.filter, limit);
        }
    }
    async #open(letters) {
        const states = await (0, letter_source_1.statesOf)(this.#parts.db, letters);
        return letters.filter((id) => {
            const state = states.get(id);
            return state !== undefined && letter_filter_1.openStates.includes(state);
        });
    }
    async #eventOf(command, letters) {
        const { clock } = this.#parts;
        const common = { command_id: command.commandId, letters, actor: command.actor };
        if (command.verb === 'discard') {
            return { type: 'LettersDiscarded', ...common, note: command.note ?? '', discarded_at: clock() };
        }
        return {
            type: 'RedriveOrdered',
            ...common,
            rate_per_second: command.ratePerSecond,
            log_ends: await this.#logEnds(),
            note: command.note,
            ordered_at: clock(),
        };
    }
    async #logEnds() {
        const { admin } = this.#parts;
        const names = [topics_1.topics.orderRequests.name, topics_1.topics.stockAdjustments.name];
        const ends = await Promise.all(names.map(async (topic) => (await admin.ends(topic)).map((offset, partition) => (0, log_1.formatPosition)({ topic, partition, offset }))));
        return ends.flat();
    }
    #recordOfCommand(command, event, trace) {
        const record = this.#record(event, trace);
        return { ...record, headers: { ...record.headers, ...(0, command_digest_1.toDigestHeader)(command.payload) } };
    }
    #record(event, trace) {
        return (0, new_record_1.toRecord)(this.#parts.codec, topics_1.topics.deadLetterCommands.name, event, {
            event_id: (0, event_id_1.eventIdOf)(event),
            correlation_id: trace.correlationId,
            causation_id: trace.correlationId,
            source: 'command-api',
            traceparent: trace.traceparent,
        });
    }
    async #predict(planId, letters) {
        const predicted = { redriven: 0, already_terminal: 0, fails_again: 0, not_open: 0 };
        const samples = {
            redriven: [],
            already_terminal: [],
            fails_again: [],
            not_open: [],
        };
        for (let at = 0; at < letters.length; at += letter_source_1.lettersAtOnce) {
            for (const { id, fate } of await (0, letter_source_1.judgeLetters)(this.#parts, letters.slice(at, at + letter_source_1.lettersAtOnce))) {
                const name = classes[fate.effect];
                predicted[name] += 1;
                const detail = fate.effect === 'APPENDED' ? null : fate.detail;
                if (samples[name].length < samplesMax)
                    samples[name].push({ id, detail });
            }
        }
        return { status: 'PLANNED', plan_id: planId, letters: letters.length, predicted, samples };
    }
}
exports.LetterDesk = LetterDesk;
//# sourceMappingURL=letter-desk.js.map