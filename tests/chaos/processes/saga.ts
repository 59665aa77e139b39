import { runMain } from '../../../chassis/lifecycle';
import { readConfig } from '../../../saga/config';
import { start } from '../../../saga/start';
import { dieAt } from '../failpoint';

/** The saga as shipped, except that it dies at the step that FAILPOINT names. */
runMain('saga', process.env, (environment, onFatal) =>
  start(readConfig(environment), onFatal, { atStep: dieAt(environment['FAILPOINT']) }),
);
