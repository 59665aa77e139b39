import { runMain } from '../../chassis/lifecycle';
import { readConfig } from '../../command-api/config';
import { start } from '../../command-api/start';

/** The command API as shipped, except that it dies by SIGKILL at the step that DIE_AT names. */
runMain('command-api', process.env, (environment) =>
  start(readConfig(environment), {
    atStep: (step) => {
      if (step === environment['DIE_AT']) process.kill(process.pid, 'SIGKILL');
    },
  }),
);
