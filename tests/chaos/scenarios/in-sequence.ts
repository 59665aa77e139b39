import type { Scenario, Stage } from '../scenario';
import type { Timeline } from '../timeline';

const coolDownDefaultMs = 8_000;
/** What the earlier ones have sold, so that the later ones have something to sell too. */
const unitsBetween = 200;

/** Marks say which scenario they are of; see `partsOf` in page-parts.ts. */
const markedAs = (id: string, timeline: Timeline): Timeline => ({
  ...timeline,
  fault: (name, bounds) => timeline.fault(`${id}: ${name}`, bounds),
  heal: (name, bounds) => timeline.heal(`${id}: ${name}`, bounds),
});

const actInTurn = async (stage: Stage, scenarios: readonly Scenario[]): Promise<void> => {
  for (const { id, act, coolDownMs = coolDownDefaultMs } of scenarios) {
    await act({ ...stage, random: stage.random.fork(id), timeline: markedAs(id, stage.timeline) });
    await stage.system.ready();
    await stage.shop.addToAll(unitsBetween);
    await stage.wait(coolDownMs);
  }
};

/** Its settings are for all services, or what it measures is of the whole run. */
export const needsOwnSystem = (scenario: Scenario): boolean => {
  const { environment, recordTtlMs, brokersCount, diskMb, decidedP99Ms } = scenario;
  return [environment, recordTtlMs, brokersCount, diskMb, decidedP99Ms].some((one) => one !== undefined);
};

/**
 * Several scenarios one after another on one system, judged together at the end: half a minute for each instead of
 * two, and each meets what the earlier ones have left behind. A service may end as any of them allows.
 * @throws Error for scenarios that need a system of their own.
 */
export const inSequence = (scenarios: readonly Scenario[]): Scenario => {
  for (const one of scenarios)
    if (needsOwnSystem(one)) throw new Error(`${one.id} needs a system of its own`);
  const each = <T>(pick: (scenario: Scenario) => readonly T[] | undefined): readonly T[] => [
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
