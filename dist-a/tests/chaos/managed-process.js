"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.ManagedProcess = void 0;
const node_child_process_1 = require("node:child_process");
const node_fs_1 = require("node:fs");
const node_path_1 = require("node:path");
const deadline_1 = require("../../chassis/deadline");
const tether_1 = require("../../stack/tether");
const exits_1 = require("./exits");
const restartAfterMs = 500;
/** Far above what a start takes (3 s), because bounds are judged from the history and this is no bound. */
const readyWithinMs = 120_000;
const probeTimeoutMs = 2_000;
/** Nine processes that start on two cores are asked by the one that holds all links. */
const probeEveryMs = 200;
const stopWithinMs = 20_000;
const disarmedAfterMs = 500;
/** A service that is kept up as an orchestrator would: it is started again when it ends, unless it is held down. */
class ManagedProcess {
    name;
    port;
    url;
    #plan;
    #events;
    #child;
    #exited = Promise.resolve({ code: null, signal: null });
    /** The signal by which somebody here has asked it to end. */
    #asked;
    /** Of the monotonic clock: an end that was asked for politely is as planned only until then, and with code 0. */
    #leavesByMs;
    #isArmed = false;
    #isHeld = true;
    #isStopped = false;
    startsCount = 0;
    constructor(plan, events) {
        this.name = plan.name;
        this.port = plan.port;
        this.url = `http://127.0.0.1:${plan.port}`;
        this.#plan = plan;
        this.#events = events;
    }
    get pid() {
        return this.#isAlive() ? this.#child?.pid : undefined;
    }
    /** Runs, as far as the system says; it may be asleep or not ready. */
    get isUp() {
        return this.#isAlive() && !this.#isStopped;
    }
    /** Replaces what the next start runs: a test entry point, other settings. */
    replan(changes) {
        const environment = { ...this.#plan.environment, ...changes.environment };
        this.#plan = { ...this.#plan, ...changes, environment };
    }
    /** Starts it, and keeps it up from now on. Does not wait. */
    launch() {
        this.#isHeld = false;
        if (this.#isAlive())
            return;
        (0, node_fs_1.mkdirSync)((0, node_path_1.dirname)(this.#plan.logFile), { recursive: true });
        const log = (0, node_fs_1.openSync)(this.#plan.logFile, 'a');
        const output = this.#plan.output ?? log;
        const child = (0, node_child_process_1.spawn)(process.execPath, [...(this.#plan.nodeArguments ?? []), '--enable-source-maps', this.#plan.main], { env: this.#plan.environment, stdio: ['ignore', output, output], detached: true });
        (0, node_fs_1.closeSync)(log);
        this.#child = child;
        this.startsCount += 1;
        this.#asked = undefined;
        this.#leavesByMs = undefined;
        this.#isArmed = false;
        this.#isStopped = false;
        const letGo = (0, tether_1.tether)(child.pid ?? 0, 'SIGKILL');
        this.#exited = new Promise((resolve) => {
            child.once('exit', (code, signal) => {
                letGo();
                this.#events.onExit({
                    process: this.name,
                    code,
                    signal,
                    planned: this.#isAsPlanned({ code, signal }),
                });
                resolve({ code, signal });
                if (!this.#isHeld)
                    setTimeout(() => !this.#isHeld && this.launch(), restartAfterMs);
            });
        });
    }
    /** @throws DeadlineError */
    async ready(withinMs = readyWithinMs) {
        const endsAtMs = performance.now() + withinMs;
        for (;;) {
            if (await this.isReady())
                return;
            if (performance.now() > endsAtMs)
                throw new Error(`${this.name} is not ready after ${withinMs} ms`);
            await (0, deadline_1.pause)(probeEveryMs);
        }
    }
    async isReady() {
        try {
            const answer = await fetch(`${this.url}/readyz`, { signal: AbortSignal.timeout(probeTimeoutMs) });
            return answer.ok;
        }
        catch {
            return false;
        }
    }
    /** Ends it by a signal; it is started again by itself. Resolves when it has ended. */
    async kill(signal) {
        this.#asked = signal;
        this.#child?.kill('SIGCONT');
        this.#child?.kill(signal);
        return (0, deadline_1.withDeadline)(this.#exited, stopWithinMs, `${this.name} after ${signal}`);
    }
    /** Ends it by SIGTERM; unless it leaves with code 0 within that time, the end counts as unexpected. */
    async retire(withinMs) {
        this.#leavesByMs = performance.now() + withinMs;
        return this.kill('SIGTERM');
    }
    /** The end that comes next, whoever brings it about. */
    async ended(withinMs) {
        return (0, deadline_1.withDeadline)(this.#exited, withinMs, `the end of ${this.name}`);
    }
    /** Ends it and keeps it down until `launch`. */
    async hold(signal = 'SIGKILL') {
        this.#isHeld = true;
        if (!this.#isAlive())
            return this.#exited;
        return this.kill(signal);
    }
    /** Makes a test entry point die, or fall asleep, at a step; see failpoint.ts. The shipped one would just end. */
    arm(failpoint) {
        this.#isArmed = true;
        (0, node_fs_1.writeFileSync)(this.#plan.failpointFile, failpoint);
        this.#child?.kill('SIGUSR2');
    }
    /** What was armed will not happen; an end from now on is nobody's plan. */
    disarm() {
        // A step that nobody passes.
        (0, node_fs_1.writeFileSync)(this.#plan.failpointFile, 'never@1');
        this.#child?.kill('SIGUSR2');
        const child = this.#child;
        const settle = () => {
            if (this.#child === child)
                this.#isArmed = false;
        };
        // It may have come to its step already: then it is dead, and nobody here knows yet.
        setTimeout(settle, disarmedAfterMs).unref();
    }
    /** Resolves when it has been stopped, by whomever. @throws Error */
    async asleep(withinMs) {
        const endsAtMs = performance.now() + withinMs;
        while (!this.#hasStopped()) {
            if (performance.now() > endsAtMs)
                throw new Error(`${this.name} does not fall asleep`);
            await (0, deadline_1.pause)(20);
        }
        this.#isStopped = true;
    }
    sleep() {
        this.#isStopped = true;
        this.#child?.kill('SIGSTOP');
    }
    wake() {
        this.#isStopped = false;
        this.#child?.kill('SIGCONT');
    }
    #isAsPlanned(exit) {
        // What is armed ends itself by SIGKILL; see failpoint.ts.
        if (this.#isArmed && (0, exits_1.isAsAsked)(exit, 'SIGKILL'))
            return true;
        return this.#asked !== undefined && (0, exits_1.isAsAsked)(exit, this.#asked) && this.#isPolite(exit.code);
    }
    #isPolite(code) {
        return this.#leavesByMs === undefined || (code === 0 && performance.now() <= this.#leavesByMs);
    }
    #hasStopped() {
        if (this.pid === undefined)
            return false;
        return /^\d+ \(.*\) T/.test((0, node_fs_1.readFileSync)(`/proc/${this.pid}/stat`, 'utf8'));
    }
    #isAlive() {
        return this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
    }
}
exports.ManagedProcess = ManagedProcess;
//# sourceMappingURL=managed-process.js.map