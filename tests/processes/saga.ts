import { runMain } from '../../chassis/lifecycle';
import { readConfig } from '../../saga/config';
import { start } from '../../saga/start';

/** The saga as shipped, except that it dies by SIGKILL the first time that it passes the step that DIE_AT names. */
runMain('saga', process.env, (environment, onFatal) =>
  start(readConfig(environment), onFatal, {
    atStep: (step) => {
      if (step === environment['DIE_AT']) process.kill(process.pid, 'SIGKILL');
    },
  }),
);
