"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.World = void 0;
/** Lets all code run that can run without another turn. */
const settle = () => new Promise((resolve) => void setImmediate(resolve));
/**
 * Time and the order of events, drawn from a seed. Exactly one wait ends per step, so a run is a sequence of atomic
 * actions in an order that chance chose.
 */
class World {
    nowMs = 1_000_000;
    steps = 0;
    waiting = [];
    random;
    constructor(random) {
        this.random = random;
    }
    /** Ends when it is this actor's turn; never, when the actor has died. */
    turn(actor) {
        return this.wait(actor, this.nowMs);
    }
    pause(actor, milliseconds, signal) {
        return this.wait(actor, this.nowMs + (signal?.aborted ? 0 : milliseconds), signal);
    }
    clockOf(actor) {
        return {
            nowMs: () => this.nowMs,
            pause: (milliseconds, signal) => this.pause(actor, milliseconds, signal),
        };
    }
    kill(actor) {
        actor.isAlive = false;
        this.waiting = this.waiting.filter((it) => it.actor !== actor);
    }
    /** Lets one wait end. Time goes on by a little, or up to the first wait that can end. */
    async step() {
        this.steps += 1;
        this.nowMs += 1 + this.random.integer(4);
        const chosen = this.choose();
        if (chosen) {
            this.waiting.splice(this.waiting.indexOf(chosen), 1);
            chosen.resume();
        }
        await settle();
    }
    wait(actor, notBeforeMs, signal) {
        if (!actor.isAlive)
            return new Promise(() => undefined);
        return new Promise((resolve) => {
            const hurry = () => {
                waiting.notBeforeMs = Math.min(waiting.notBeforeMs, this.nowMs);
            };
            const resume = () => {
                signal?.removeEventListener('abort', hurry);
                resolve();
            };
            const waiting = { actor, notBeforeMs, resume };
            this.waiting.push(waiting);
            signal?.addEventListener('abort', hurry);
        });
    }
    choose() {
        let earliestMs = Infinity;
        const ready = [];
        for (const it of this.waiting) {
            const atMs = Math.max(it.notBeforeMs, it.actor.pausedUntilMs);
            if (atMs <= this.nowMs)
                ready.push(it);
            else
                earliestMs = Math.min(earliestMs, atMs);
        }
        if (ready.length > 0)
            return this.random.pick(ready);
        if (earliestMs === Infinity)
            return undefined;
        this.nowMs = earliestMs;
        return this.choose();
    }
}
exports.World = World;
//# sourceMappingURL=world.js.map