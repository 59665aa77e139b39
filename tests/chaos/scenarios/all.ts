import type { Scenario } from '../scenario';
import { calm } from './calm';
import { limitScenarios } from './clocks-and-limits';
import { dependencyScenarios } from './dependencies';
import { diskScenarios } from './disks';
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

/** What `make test-chaos` runs. */
export const smokeSet = (): readonly Scenario[] => scenarios(1).filter(({ isSmoke }) => isSmoke === true);
