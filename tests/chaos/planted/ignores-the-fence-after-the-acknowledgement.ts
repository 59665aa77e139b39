import * as emitting from '../../../saga/emit-outcomes';
import { runSaga } from '../processes/run-service';
import { changed, replaceExport } from './replace';

replaceExport(emitting, 'emitOutcomes', (real) => (context, works) => {
  const { session } = context;
  const connection = changed(session.connection, {
    emitted: async (...args) => {
      await session.connection.emitted(...args).catch(() => undefined);
      return 'marked';
    },
  });
  const fence = { newestClaim: async () => session.generation.epoch };
  return real({ ...context, fence, session: { ...session, connection } }, works);
});
runSaga();
