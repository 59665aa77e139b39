import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Kafka, logLevel } from 'kafkajs';
import { topics } from '../../../schemas/topics';
import { projectRoot } from '../../../stack/project-root';
import type { Scenario, Stage } from '../scenario';
import { during } from './during';
import { tellRedis } from './redis';

const run = promisify(execFile);
const replayTimeoutMs = 90_000;

const replay = async (stage: Stage, view: string): Promise<void> => {
  const main = join(projectRoot(), 'dist', 'projector', 'replay', 'main.js');
  await run(process.execPath, [main, 'run', view], {
    env: { ...process.env, ...stage.system.direct },
    timeout: replayTimeoutMs,
  });
};

const rebuildAll: Scenario = {
  id: 'F28',
  title: 'every view is built anew from the log while Redis is emptied, under load',
  bound: 'queries are answered all the time; decided within 13 s after; Redis and PostgreSQL equal the log',
  ordersPerSecond: 80,
  act: async (stage) => {
    const bounds = { sinceFault: { answering_ms: 2_000 }, sinceHeal: { deciding_ms: 13_000 } };
    await during(stage, 'all views built anew, FLUSHALL', bounds, async () => {
      await tellRedis(stage, 'FLUSHALL');
      for (const view of ['orders', 'items', 'dead-letters']) await replay(stage, view);
    });
  },
};

const deadTransaction: Scenario = {
  id: 'F29',
  title: 'a foreign producer dies inside a transaction on order-requests',
  bound: 'accepted and decided within 2 s and 5 s all the same; what it left is no order',
  act: async (stage) => {
    const kafka = new Kafka({
      brokers: [stage.system.direct.KAFKA_BROKERS],
      clientId: 'foreign',
      logLevel: logLevel.NOTHING,
    });
    const producer = kafka.producer({
      transactionalId: 'foreign',
      maxInFlightRequests: 1,
      transactionTimeout: 10_000,
    });
    const bounds = { sinceFault: { accepting_ms: 2_000, deciding_ms: 5_000 } };
    await producer.connect();
    await during(stage, 'an open transaction', bounds, async () => {
      const transaction = await producer.transaction();
      const topic = topics.orderRequests.name;
      const messages = [{ key: 'foreign-1', value: 'not an order' }];
      const [sent] = await transaction.send({ topic, messages });
      stage.history.inject('foreign-1', {
        topic,
        partition: sent?.partition ?? 0,
        offset: Number(sent?.baseOffset ?? 0),
      });
      await producer.disconnect();
      await stage.wait(15_000);
    });
  },
};

export const rebuildScenarios: readonly Scenario[] = [rebuildAll, deadTransaction];
