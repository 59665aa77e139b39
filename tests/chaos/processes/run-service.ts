import { runMain } from '../../../chassis/lifecycle';
import { readConfig as readCommandApiConfig } from '../../../command-api/config';
import { start as startCommandApi } from '../../../command-api/start';
import { readConfig as readProjectorConfig } from '../../../projector/config';
import { start as startProjector } from '../../../projector/start';
import { readConfig as readSagaConfig, type SagaConfig } from '../../../saga/config';
import { start as startSaga } from '../../../saga/start';
import { stepsArmedBy } from '../failpoint';

/** Each service as shipped, except that it dies or falls asleep at the step that FAILPOINT_FILE names. */

export const runCommandApi = (): void =>
  runMain('command-api', process.env, (environment) =>
    startCommandApi(readCommandApiConfig(environment), {
      atStep: stepsArmedBy(environment['FAILPOINT_FILE']),
    }),
  );

export const runProjector = (): void =>
  runMain('projector', process.env, (environment, onFatal) =>
    startProjector(readProjectorConfig(environment), onFatal, {
      atStep: stepsArmedBy(environment['FAILPOINT_FILE']),
    }),
  );

export const runSaga = (settings: Partial<SagaConfig> = {}): void =>
  runMain('saga', process.env, (environment, onFatal) =>
    startSaga({ ...readSagaConfig(environment), ...settings }, onFatal, {
      atStep: stepsArmedBy(environment['FAILPOINT_FILE']),
    }),
  );
