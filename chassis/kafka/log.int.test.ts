import { createLogAdmin } from './admin';
import { kafkaConnection } from './connection';
import { createGroupConsumer } from './consumer';
import { describeLog } from './log.contract';
import { createLogProducer } from './producer';
import { createLogReader } from './reader';

describeLog('the log on Kafka', async () => {
  const brokers = (process.env['KAFKA_BROKERS'] ?? '').split(',');
  const connection = kafkaConnection({ brokers, clientId: 'log-contract' });
  const admin = createLogAdmin(connection);
  return {
    admin,
    reader: createLogReader(connection),
    producer: () => createLogProducer(connection),
    consumer: (options) => createGroupConsumer(connection, options),
    close: () => admin.stop(),
  };
});
