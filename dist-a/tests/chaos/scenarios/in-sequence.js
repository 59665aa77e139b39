"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.inSequence = exports.needsOwnSystem = void 0;
const coolDownDefaultMs = 8_000;
/** What the earlier ones have sold, so that the later ones have something to sell too. */
const unitsBetween = 200;
/** Marks say which scenario they are of; see `partsOf` in page-parts.ts. */
const markedAs = (id, timeline) => ({
    ...timeline,
    fault: (name, bounds) => timeline.fault(`${id}: ${name}`, bounds),
    heal: (name, bounds) => timeline.heal(`${id}: ${name}`, bounds),
});
const actInTurn = async (stage, scenarios) => {
    for (const { id, act, coolDownMs = coolDownDefaultMs } of scenarios) {
        await act({ ...stage, random: stage.random.fork(id), timeline: markedAs(id, stage.timeline) });
        await stage.system.ready();
        await stage.shop.addToAll(unitsBetween);
        await stage.wait(coolDownMs);
    }
};
/** Its settings are for all services, or what it measures is of the whole run. */
const needsOwnSystem = (scenario) => {
    const { environment, recordTtlMs, brokersCount, diskMb, decidedP99Ms } = scenario;
    return [environment, recordTtlMs, brokersCount, diskMb, decidedP99Ms].some((one) => one !== undefined);
};
exports.needsOwnSystem = needsOwnSystem;
/**
 * Several scenarios one after another on one system, judged together at the end: half a minute for each instead of
 * two, and each meets what the earlier ones have left behind. A service may end as any of them allows.
 * @throws Error for scenarios that need a system of their own.
 */
const inSequence = (scenarios) => {
    for (const one of scenarios)
        if ((0, exports.needsOwnSystem)(one))
            throw new Error(`${one.id} needs a system of its own`);
    const each = (pick) => [
        ...new Set(scenarios.flatMap((scenario) => pick(scenario) ?? [])),
    ];
    return {
        id: scenarios.map(({ id }) => id).join('+'),
        title: `${scenarios.length} scenarios one after another`,
        bound: 'as each of them',
        failpoints: each(({ failpoints }) => failpoints),
        mayExitWith: each(({ mayExitWith }) => mayExitWith),
        redisArgs: each(({ redisArgs }) => redisArgs),
        settleMs: 120_000,
        act: (stage) => actInTurn(stage, scenarios),
    };
};
exports.inSequence = inSequence;
//# sourceMappingURL=in-sequence.js.map