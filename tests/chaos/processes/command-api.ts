import { runMain } from '../../../chassis/lifecycle';
import { readConfig } from '../../../command-api/config';
import { start } from '../../../command-api/start';
import { dieAt } from '../failpoint';

/** The command API as shipped, except that it dies at the step that FAILPOINT names. */
runMain('command-api', process.env, (environment) =>
  start(readConfig(environment), { atStep: dieAt(environment['FAILPOINT']) }),
);
