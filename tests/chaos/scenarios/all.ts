import type { Scenario } from '../scenario';
import { calm } from './calm';
import { limitScenarios } from './clocks-and-limits';
import { dependencyScenarios } from './dependencies';
import { diskScenarios } from './disks';
import { inSequence, needsOwnSystem } from './in-sequence';
import { kafkaScenarios } from './kafka';
import { logScenarios } from './log-input';
import { logReaderScenarios } from './logs';
import { networkScenarios } from './network';
import { postgresScenarios } from './postgres';
import { processScenarios } from './processes';
import { randomNemesis } from './random-nemesis';
import { rebuildScenarios } from './rebuild';
import { redisScenarios } from './redis';

/** Every scenario; `minutes` is how long the random one lasts. */
export const scenarios = (minutes: number): readonly Scenario[] => [
  calm,
  ...processScenarios,
  ...kafkaScenarios,
  ...redisScenarios,
  ...postgresScenarios,
  ...dependencyScenarios,
  ...networkScenarios,
  ...logScenarios,
  ...limitScenarios,
  ...rebuildScenarios,
  ...logReaderScenarios,
  ...diskScenarios,
  randomNemesis(minutes),
];

export const scenarioNamed = (name: string, minutes: number): Scenario | undefined =>
  scenarios(minutes).find(({ id }) => id.toLowerCase() === name.toLowerCase());

/** What `make test-chaos` runs: twelve scenarios on three systems, as each system takes a minute to start and to judge. */
export const smokeSet = (): readonly Scenario[] => {
  const smoke = scenarios(1).filter(({ isSmoke }) => isSmoke === true);
  const together = smoke.filter((one) => !needsOwnSystem(one));
  const half = Math.ceil(together.length / 2);
  return [
    ...smoke.filter(needsOwnSystem),
    inSequence(together.slice(0, half)),
    inSequence(together.slice(half)),
  ];
};
