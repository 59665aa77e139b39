import * as producers from '../../../chassis/kafka/producer';
import { partitionOf } from '../../../chassis/kafka/partitioner';
import { runCommandApi } from '../processes/run-service';
import { changed, replaceExport } from './replace';

const orderPartitions = 8;
const laterMs = 300;

replaceExport(producers, 'createLogProducer', (real) => async (connection, options) => {
  const producer = await real(connection, options);
  return changed(producer, {
    send: async (record) => {
      setTimeout(() => void producer.send(record), laterMs);
      const partition = partitionOf(record.key ?? '', orderPartitions);
      // No place is named: what is looked for is the lost order, not a wrong address.
      return { kind: 'acked', partition, offset: -1, appendedAtMs: Date.now() };
    },
  });
});
runCommandApi();
