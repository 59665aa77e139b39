import { setTimeout as delayed } from 'node:timers/promises';
import { kafkaConnection } from '../../chassis/kafka/connection';
import { createLogProducer } from '../../chassis/kafka/producer';

/** Opens four producers, lets them idle, and reports how much of a core they used meanwhile. */
const measure = async (brokers: string, topic: string, idleMs: number): Promise<number> => {
  const connection = kafkaConnection({ brokers: [brokers], clientId: 'idle' });
  const producers = await Promise.all([1, 2, 3, 4].map(() => createLogProducer(connection)));
  for (const producer of producers) {
    const outcome = await producer.send({ topic, key: 'k', value: null });
    if (outcome.kind !== 'acked') throw outcome.error;
  }
  await delayed(500);
  const before = process.cpuUsage();
  const startedMs = performance.now();
  await delayed(idleMs);
  const used = process.cpuUsage(before);
  const share = (used.user + used.system) / 1_000 / (performance.now() - startedMs);
  await Promise.all(producers.map((producer) => producer.stop(100)));
  return share;
};

const [brokers = '', topic = '', idleMs = '0'] = [
  process.env['IDLE_BROKERS'],
  process.env['IDLE_TOPIC'],
  process.env['IDLE_MS'],
];
void measure(brokers, topic, Number(idleMs)).then((share) => process.send?.(share, () => process.exit(0)));
