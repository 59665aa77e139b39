"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.Redriver = exports.Redrive = void 0;
const deadline_1 = require("../../chassis/deadline");
const log_1 = require("../../chassis/kafka/log");
const dead_letter_1 = require("../../schemas/dead-letter");
const event_id_1 = require("../../schemas/event-id");
const new_record_1 = require("../../schemas/new-record");
const topics_1 = require("../../schemas/topics");
const letter_source_1 = require("./letter-source");
const redriven_records_1 = require("./redriven-records");
/** Ten batches a second: fine enough for a steady rate, and one report for up to a hundred letters. */
const batchesPerSecond = 10;
const resultOf = ({ id, fate }) => ({
    letter: id,
    effect: fate.effect,
    subject: fate.subject,
    detail: fate.effect === 'APPENDED' ? null : fate.detail,
});
/**
 * What became of a letter whose record was sent; undefined when that must be looked up in the log. What is too large or
 * not allowed fails for good: tried again it would hold up every letter behind it, and whoever mends the cause redrives it anew.
 */
const resultOfSent = (letter, outcome) => {
    if (outcome?.kind === 'acked')
        return resultOf(letter);
    if (outcome?.kind !== 'rejected' || outcome.isFinal !== true)
        return undefined;
    const detail = `REFUSED_BY_KAFKA: ${outcome.error.message}`;
    return { letter: letter.id, effect: 'FAILED_AGAIN', subject: letter.fate.subject, detail };
};
const recordOf = (commandId, letter) => {
    const place = (0, log_1.parsePosition)(letter.id);
    if (letter.fate.effect !== 'APPENDED' || place === undefined)
        return undefined;
    return {
        topic: letter.topic,
        key: letter.fate.key,
        value: letter.value,
        headers: { ...letter.headers, ...(0, dead_letter_1.toRedriveHeaders)({ letter: place, commandId }) },
    };
};
const chunksOf = (items, size) => Array.from({ length: Math.ceil(items.length / size) }, (_, index) => items.slice(index * size, (index + 1) * size));
/**
 * Carries out one redrive. The list is in the log, and so is what was done: results that were reported, and appended
 * records that carry the command's id and were not. So it goes on after a crash where the log ends, whoever runs it.
 */
class Redrive {
    #parts;
    #order;
    #done;
    #redriven;
    constructor(parts, { order, done }, redriven) {
        this.#parts = parts;
        this.#order = order;
        this.#redriven = redriven;
        this.#done = new Set(done);
    }
    /** @throws InfrastructureError to be tried again, with a new look into the log. */
    async run(signal) {
        const unreported = [...(await this.#redriven.find())].filter(([letter]) => !this.#done.has(letter));
        for (const some of chunksOf(unreported, letter_source_1.lettersAtOnce)) {
            await this.#report(some.map(([letter, subject]) => ({ letter, effect: 'APPENDED', subject, detail: null })));
        }
        const left = this.#order.letters.filter((letter) => !this.#done.has(letter));
        const size = Math.max(1, Math.min(letter_source_1.lettersAtOnce, Math.ceil(this.#order.rate_per_second / batchesPerSecond)));
        let nextAtMs = performance.now();
        for (const batch of chunksOf(left, size)) {
            await (0, deadline_1.pause)(Math.max(0, nextAtMs - performance.now()), signal);
            if (signal.aborted)
                return;
            nextAtMs =
                Math.max(nextAtMs, performance.now() - 1_000) + (batch.length / this.#order.rate_per_second) * 1_000;
            await this.#tryBatch(batch);
        }
    }
    async #tryBatch(ids) {
        const judged = await (0, letter_source_1.judgeLetters)(this.#parts, ids);
        // All existed when they were ordered: the view is behind, or being built anew.
        if (judged.length < ids.length)
            throw new log_1.InfrastructureError('the view does not know every letter yet');
        const toAppend = judged.flatMap((letter) => {
            const record = recordOf(this.#order.command_id, letter);
            return record === undefined ? [] : [{ letter, record }];
        });
        const outcomes = await this.#parts.producer.sendAll(toAppend.map(({ record }) => record));
        const sent = toAppend.map(({ letter }, index) => resultOfSent(letter, outcomes[index]));
        const results = sent.filter((result) => result !== undefined);
        const notSent = judged.filter(({ fate }) => fate.effect !== 'APPENDED').map(resultOf);
        await this.#report([...notSent, ...results]);
        // Whether they are in the log after all is looked up there before they are tried again.
        const lost = sent.length - results.length;
        if (lost > 0)
            throw new log_1.InfrastructureError(`${lost} redriven records were not acknowledged`);
    }
    async #report(results) {
        if (results.length === 0)
            return;
        const { codec, producer, clock } = this.#parts;
        const event = {
            type: 'LettersRedriven',
            command_id: this.#order.command_id,
            results,
            redriven_at: clock(),
        };
        const outcome = await producer.send((0, new_record_1.toRecord)(codec, topics_1.topics.deadLetterCommands.name, event, {
            event_id: (0, event_id_1.eventIdOf)(event),
            correlation_id: this.#order.command_id,
            causation_id: (0, event_id_1.eventIdOf)(this.#order),
            source: 'command-api',
        }));
        if (outcome.kind !== 'acked')
            throw new log_1.InfrastructureError('results of a redrive were not acknowledged');
        for (const { letter } of results)
            this.#done.add(letter);
    }
}
exports.Redrive = Redrive;
/** How soon another process goes on after one has died; an idle look is one question to Kafka. */
const lookEveryMs = 1_000;
/** Carries out redrives one after the other, in whichever process holds the lock. */
class Redriver {
    #parts;
    #stopped = new AbortController();
    #wake = () => undefined;
    #running;
    #isInTrouble = false;
    /** Of the redrive that is carried out or waits: a try after trouble reads on from where the last one was. */
    #tried;
    constructor(parts) {
        this.#parts = parts;
    }
    start() {
        this.#running ??= this.#work();
    }
    /** Something was ordered. */
    wake() {
        this.#wake();
    }
    /** A batch under way is finished; the rest is for whoever comes next. */
    async stop() {
        this.#stopped.abort();
        this.#wake();
        await this.#running;
    }
    async #work() {
        const { signal } = this.#stopped;
        while (!signal.aborted) {
            const woken = new Promise((resolve) => {
                this.#wake = resolve;
            });
            await this.#look();
            await Promise.race([(0, deadline_1.pause)(lookEveryMs, signal), woken]);
        }
        await this.#parts.lock.release();
    }
    /** Trouble of any server is told once and tried again; what is not trouble is a bug and ends nobody's sale. */
    async #look() {
        const { ledger, lock, log } = this.#parts;
        try {
            await ledger.catchUp();
            if (ledger.open().length === 0)
                await lock.release();
            else
                await this.#carryOut();
            this.#isInTrouble = false;
        }
        catch (error) {
            if (!this.#isInTrouble)
                log.warn('a redrive waits', { event: 'redrive_waits', error });
            this.#isInTrouble = true;
        }
    }
    async #carryOut() {
        const { ledger, lock, log } = this.#parts;
        const held = await lock.take();
        if (held === undefined)
            return;
        const signal = AbortSignal.any([held, this.#stopped.signal]);
        // Somebody else may have gone on until now.
        await ledger.catchUp();
        for (const redrive of ledger.open()) {
            if (signal.aborted)
                return;
            const { command_id, letters } = redrive.order;
            log.info(`redrive ${command_id}: ${letters.length - redrive.done.size} of ${letters.length} letters left`, {
                event: 'redrive_runs',
                command_id,
            });
            await new Redrive(this.#parts, redrive, this.#redrivenOf(redrive.order)).run(signal);
        }
    }
    #redrivenOf(order) {
        if (this.#tried?.commandId !== order.command_id) {
            this.#tried = { commandId: order.command_id, redriven: new redriven_records_1.RedrivenRecords(this.#parts, order) };
        }
        return this.#tried.redriven;
    }
}
exports.Redriver = Redriver;
//# sourceMappingURL=redriver.js.map