"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.inRounds = exports.restartServer = exports.sleepAtStep = exports.dieAtStep = void 0;
const during_1 = require("./during");
const failpointWithinMs = 30_000;
/** Arms several and resolves with the first that comes to its step; the others are disarmed. */
const firstToReach = async (candidates, failpoint, reached) => {
    for (const process of candidates)
        process.arm(failpoint);
    const arrivals = candidates.map((process) => reached(process).then(() => process));
    const first = await Promise.any(arrivals).catch((cause) => {
        throw new Error(`nobody came to ${failpoint} within ${failpointWithinMs} ms`, { cause });
    });
    for (const process of candidates)
        if (process !== first)
            process.disarm();
    return first;
};
/** Has one of the processes die at a step, and waits until its successor is ready. Bounds count from its death. */
const dieAtStep = async ({ timeline }, candidates, failpoint, bounds = {}) => {
    const process = await firstToReach(candidates, failpoint, (one) => one.ended(failpointWithinMs));
    const name = `${process.name} dies at ${failpoint}`;
    timeline.fault(name, bounds.sinceFault);
    await process.ready();
    timeline.heal(name, bounds.sinceHeal);
};
exports.dieAtStep = dieAtStep;
/** Has one of the processes fall asleep at a step, does what is done meanwhile, and wakes it. */
const sleepAtStep = async (stage, candidates, step, { bounds, meanwhile }) => {
    const process = await firstToReach(candidates, `${step}:sleep`, (one) => one.asleep(failpointWithinMs));
    await (0, during_1.during)(stage, `${process.name} sleeps at ${step}`, bounds, async () => {
        await meanwhile();
        // Another one may have fallen asleep before it was disarmed.
        for (const one of candidates)
            one.wake();
    });
};
exports.sleepAtStep = sleepAtStep;
/** Ends a server by each signal in turn and starts it again after `awayMs`. */
const restartServer = async (stage, name, { signals, bounds, awayMs = 1_500, betweenMs }) => {
    const server = stage.system.stack[name];
    for (const signal of signals) {
        await (0, during_1.during)(stage, `${name} ${signal}`, bounds, async () => {
            await server.kill(signal);
            await stage.wait(awayMs);
            await server.start();
        });
        await stage.wait(betweenMs);
    }
};
exports.restartServer = restartServer;
const hitWithinMs = 20_000;
/** @throws Error when nothing was hit: such a run would prove nothing. */
const untilHit = async (stage, name, hasHit) => {
    const endsAtMs = performance.now() + hitWithinMs;
    while (!hasHit()) {
        if (performance.now() > endsAtMs)
            throw new Error(`${name}: nothing was hit within ${hitWithinMs} ms`);
        await stage.wait(100);
    }
};
/** The same short fault a few times, each for as long as it takes to hit something, and on. */
const inRounds = async (stage, rounds) => {
    const { count, name, lastMs, hits, begin, end } = rounds;
    for (let round = 1; round <= count; round += 1) {
        await (0, during_1.during)(stage, `${name} ${round}`, {}, async () => {
            const before = hits();
            begin();
            await untilHit(stage, name, () => hits() > before);
            await stage.wait(lastMs);
            end();
        });
    }
};
exports.inRounds = inRounds;
//# sourceMappingURL=breaking.js.map