import { runMain } from '../../chassis/lifecycle';
import { readConfig } from '../../projector/config';
import { start } from '../../projector/start';

/**
 * The projector as shipped, except that it joins the group that GROUP_ID names and dies by SIGKILL when it passes a
 * step the n-th time: DIE_AT=before-commit@3.
 */
runMain('projector', process.env, (environment, onFatal) => {
  const [dieAt, nth] = (environment['DIE_AT'] ?? '').split('@');
  let passed = 0;
  return start(readConfig(environment), onFatal, {
    groupId: environment['GROUP_ID'] ?? 'projector',
    atStep: (step) => {
      if (step !== dieAt) return;
      passed += 1;
      if (passed === Number(nth)) process.kill(process.pid, 'SIGKILL');
    },
  });
});
