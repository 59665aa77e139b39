"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.randomNemesis = void 0;
const catalogue_1 = require("./catalogue");
/** Between one fault's end and the next one's beginning. */
const calmMs = { least: 3_000, most: 9_000 };
/** One fault after another, drawn from the seed, for as long as asked. */
const randomNemesis = (minutes) => ({
    id: 'random',
    title: `faults drawn from the seed, one after another, for ${Math.round(minutes * 60)} s`,
    bound: 'all invariants; nine tenths of the earlier rate of acceptance within 30 s after each',
    warmUpMs: 8_000,
    // A bound of 30 s is judged from a window of 5 s that has to end before the buyers do.
    coolDownMs: 36_000,
    coolsDownEarly: true,
    seconds: Math.round(minutes * 60),
    settleMs: 180_000,
    mayExitWith: [70, 72],
    act: async (stage) => {
        const endsAtMs = performance.now() + minutes * 60_000;
        for (;;) {
            await stage.random.pick(catalogue_1.faults)(stage);
            if (performance.now() >= endsAtMs)
                break;
            await stage.wait(stage.random.integer(calmMs.least, calmMs.most));
        }
        await stage.system.ready();
    },
});
exports.randomNemesis = randomNemesis;
//# sourceMappingURL=random-nemesis.js.map