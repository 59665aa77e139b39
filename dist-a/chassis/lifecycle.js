"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.runMain = exports.assemble = exports.Releasers = void 0;
const node_fs_1 = require("node:fs");
const config_1 = require("./config");
const deadline_1 = require("./deadline");
const log_1 = require("./log");
/** What was acquired, to be released in reverse order, each with its share of the deadline. */
class Releasers {
    entries = [];
    released;
    log;
    timeoutMs;
    constructor(log, timeoutMs) {
        this.log = log;
        this.timeoutMs = timeoutMs;
    }
    /** @throws when everything was released meanwhile: whoever is building something goes no further. */
    add(name, release) {
        this.entries.push({ name, release });
        if (this.released)
            throw new Error(`stopped before ${name} was of use`);
    }
    /** Never rejects: what fails to close is logged, and the rest is closed all the same. */
    releaseAll() {
        this.released ??= this.unwind();
        return this.released;
    }
    async unwind() {
        const endsAtMs = performance.now() + this.timeoutMs;
        for (const { name, release } of this.entries.reverse()) {
            const leftMs = Math.max(100, endsAtMs - performance.now());
            try {
                await (0, deadline_1.withDeadline)(Promise.resolve(release()), leftMs, `closing ${name}`);
            }
            catch (error) {
                this.log.warn(`${name} did not close cleanly`, { event: 'release_failed', error });
            }
        }
    }
}
exports.Releasers = Releasers;
/** Of what this process is building now; a signal does not wait for its end. */
const unfinished = new Set();
/**
 * Builds a service with a list of releasers: when a step of `build` fails, what the steps before it acquired is
 * released, and the error goes on.
 */
const assemble = async (log, timeoutMs, build) => {
    const releasers = new Releasers(log, timeoutMs);
    unfinished.add(releasers);
    try {
        return await build(releasers);
    }
    catch (error) {
        await releasers.releaseAll();
        throw error;
    }
    finally {
        unfinished.delete(releasers);
    }
};
exports.assemble = assemble;
/** The winston stream loses its queue on exit, so last words go to the file descriptor itself. */
const lastWords = (service, message, error) => {
    const detail = error instanceof Error ? error.stack : undefined;
    const line = {
        timestamp: new Date().toISOString(),
        level: 'error',
        service,
        event: 'exit',
        message: (0, log_1.plainText)(message),
        ...(detail === undefined ? {} : { detail: (0, log_1.plainText)(detail) }),
    };
    try {
        (0, node_fs_1.writeSync)(2, `${JSON.stringify(line)}\n`);
    }
    catch {
        // Nobody reads (EPIPE, or EAGAIN when the pipe is full). The exit code still says why.
    }
};
/** sysexits(3): 78 configuration error. 70 and up from the Kafka consumer: see FatalExitCode. */
const exitConfig = 78;
const exitFailure = 1;
const explain = (error) => (error instanceof Error ? error.message : String(error));
/**
 * Runs a service until SIGTERM or SIGINT, then stops it within its deadline and exits 0, also while it starts: a start
 * waits for whoever is away, and one that joined a group of slow members was told to stop and went on for 29 s.
 * Crash-only: a fatal report, an uncaught error or an unhandled rejection ends the process at once, because a
 * supervisor restarts it in a known state and every effect is repeatable.
 */
const runMain = (service, environment, start) => {
    const die = (exitCode, reason) => {
        lastWords(service, explain(reason), reason);
        process.exit(exitCode);
    };
    process.on('uncaughtException', (error) => die(exitFailure, error));
    // A log collector that has died (EPIPE) costs lines and no service; each later write fails the same way.
    for (const stream of [process.stdout, process.stderr])
        stream.on('error', () => undefined);
    process.on('unhandledRejection', (reason) => die(exitFailure, reason instanceof Error ? reason : new Error(String(reason))));
    let running;
    let stopping = false;
    const release = async () => {
        if (running)
            await running.stop();
        else
            await Promise.all([...unfinished].map((releasers) => releasers.releaseAll()));
    };
    const stop = () => {
        if (stopping)
            return;
        stopping = true;
        void release().then(() => process.exit(0));
    };
    process.on('SIGTERM', stop);
    process.on('SIGINT', stop);
    // What it throws before its first wait is a reason like any other.
    const begin = async () => start(environment, die);
    begin().then((started) => {
        running = started;
    }, (error) => {
        // What is released under a start makes it fail.
        if (stopping)
            return;
        lastWords(service, explain(error), error instanceof config_1.ConfigError ? undefined : error);
        process.exit(error instanceof config_1.ConfigError ? exitConfig : exitFailure);
    });
};
exports.runMain = runMain;
//# sourceMappingURL=lifecycle.js.map