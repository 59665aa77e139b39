import { runMain } from '../../../chassis/lifecycle';
import { readConfig } from '../../../projector/config';
import { start } from '../../../projector/start';
import { dieAt } from '../failpoint';

/** The projector as shipped, except that it dies at the step that FAILPOINT names. */
runMain('projector', process.env, (environment, onFatal) =>
  start(readConfig(environment), onFatal, { atStep: dieAt(environment['FAILPOINT']) }),
);
