import * as appending from '../../../saga/append-epoch';
import { topics } from '../../../schemas/topics';
import { runSaga } from '../processes/run-service';
import { replaceExport } from './replace';

replaceExport(appending, 'writeMarkers', () => async ({ admin }) => {
  const ranges = await admin.ranges(topics.orderOutcomes.name);
  return { ends: new Map(ranges.map(({ partition, high }) => [partition, high])), atMs: Date.now() };
});
runSaga();
