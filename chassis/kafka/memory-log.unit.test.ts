import { describeLog } from './log.contract';
import { MemoryLog } from './memory-log';

describeLog('the log in memory', async () => {
  const log = new MemoryLog();
  return {
    admin: log.admin(),
    reader: log.reader(),
    producer: async () => log.producer(),
    consumer: (options) => log.consumer(options),
    close: async () => undefined,
  };
});

describe('scripted faults of the log in memory', () => {
  const open = async (): Promise<MemoryLog> => {
    const log = new MemoryLog(() => 5);
    await log.admin().createTopics([{ name: 't', partitions: 1, config: {} }], 1);
    return log;
  };
  const record = { topic: 't', key: 'k', value: null };

  it('rejects, loses, or loses only the answer of the next records', async () => {
    const log = await open();
    log.sends.push('rejected', 'lost', 'answer lost');
    const outcomes = await log.producer().sendAll([record, record, record, record]);
    expect(outcomes.map((outcome) => outcome.kind)).toEqual(['rejected', 'unknown', 'unknown', 'acked']);
    expect(log.records('t')).toHaveLength(2);
    expect(log.records('t')[0]).toMatchObject({ offset: 0, appendedAtMs: 5 });
  });

  it('ends a group whose committed offset is outside the log with 71', async () => {
    const log = await open();
    log.commit('g', 't', 0, 9);
    const code = await new Promise((resolve) => {
      const consumer = log.consumer({
        groupId: 'g',
        topics: ['t'],
        onRecords: async (records) => records.length,
        onFatal: resolve,
      });
      void consumer.start();
    });
    expect(code).toBe(71);
  });
});
