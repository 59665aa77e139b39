import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { projectRoot } from '../../stack/project-root';
import { typescriptChild } from '../../tests/support/typescript-child';
import { withDeadline } from '../deadline';
import { createLogAdmin } from './admin';
import { kafkaConnection } from './connection';

it('four idle producers use less than 0.5 % of a core', async () => {
  const broker = (process.env['KAFKA_BROKERS'] ?? '').split(',')[0] ?? '';
  const admin = createLogAdmin(kafkaConnection({ brokers: [broker], clientId: 'idle-test' }));
  const topic = `idle-${randomUUID()}`;
  await admin.createTopics([{ name: topic, partitions: 1, config: {} }], 1);
  await admin.stop();
  const file = join(projectRoot(), 'tests', 'support', 'idle-producers.ts');
  const child = typescriptChild(file, { IDLE_BROKERS: broker, IDLE_TOPIC: topic, IDLE_MS: '6000' });
  const share = new Promise<number>((resolve, reject) => {
    child.once('message', (message) => resolve(Number(message)));
    child.once('exit', (code) => reject(new Error(`the child ended with ${code}`)));
  });
  try {
    expect(await withDeadline(share, 40_000, 'measuring')).toBeLessThan(0.005);
  } finally {
    child.kill('SIGKILL');
  }
});
