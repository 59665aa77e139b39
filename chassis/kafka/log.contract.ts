import { randomUUID } from 'node:crypto';
import { eventually } from '../../tests/support/eventually';
import {
  type GroupConsumer,
  type GroupConsumerOptions,
  InfrastructureError,
  type LogAdmin,
  type LogProducer,
  type LogReader,
  type LogRecord,
  type NewRecord,
} from './log';
import { partitionOf } from './partitioner';

/** One implementation of the log's ports. */
export interface LogUnderTest {
  readonly admin: LogAdmin;
  readonly reader: LogReader;
  producer(): Promise<LogProducer>;
  consumer(options: GroupConsumerOptions): GroupConsumer;
  close(): Promise<void>;
}

const topicConfig = { 'message.timestamp.type': 'LogAppendTime', 'compression.type': 'uncompressed' };

const numbered = (topic: string, count: number, more: Partial<NewRecord> = {}): NewRecord[] =>
  Array.from({ length: count }, (_, index) => ({
    topic,
    key: `key-${index}`,
    value: Buffer.from(String(index)),
    ...more,
  }));

const values = (records: readonly LogRecord[]): string[] => records.map((record) => String(record.value));

/** What every implementation of the ports in log.ts promises. */
export const describeLog = (title: string, open: () => Promise<LogUnderTest>): void => {
  describe(title, () => {
    let log: LogUnderTest;
    let producer: LogProducer;
    const consumers: GroupConsumer[] = [];

    const newTopic = async (partitions: number): Promise<string> => {
      const name = `contract-${randomUUID()}`;
      await log.admin.createTopics([{ name, partitions, config: topicConfig }], 1);
      return name;
    };

    const readAll = async (topic: string): Promise<LogRecord[]> => {
      const records: LogRecord[] = [];
      await log.reader.read({ topic, onRecords: (piece) => void records.push(...piece) });
      return records;
    };

    /** Fatal ends collect in the returned list, unless the test takes them itself. */
    const consume = async (
      options: Partial<GroupConsumerOptions> & Pick<GroupConsumerOptions, 'topics' | 'onRecords'>,
    ): Promise<{ consumer: GroupConsumer; fatal: number[]; groupId: string }> => {
      const fatal: number[] = [];
      const groupId = options.groupId ?? `group-${randomUUID()}`;
      const consumer = log.consumer({ onFatal: (code) => fatal.push(code), ...options, groupId });
      consumers.push(consumer);
      await consumer.start();
      return { consumer, fatal, groupId };
    };

    beforeAll(async () => {
      log = await open();
      producer = await log.producer();
    });

    afterEach(async () => {
      await Promise.all(consumers.splice(0).map((consumer) => consumer.stop()));
    });

    afterAll(async () => {
      await producer.stop(1_000);
      await log.close();
    });

    describe('producer', () => {
      it('acknowledges a record with its partition and offset, and the record is there', async () => {
        const topic = await newTopic(4);
        const sentAtMs = Date.now();
        const outcome = await producer.send({
          topic,
          key: 'käse',
          value: Buffer.from('v'),
          headers: { text: 'naïve', raw: Buffer.from([0, 255]), none: undefined },
        });
        expect(await producer.sendAll([])).toEqual([]);
        const [record] = await readAll(topic);
        const partition = partitionOf('käse', 4);
        expect(outcome).toEqual({ kind: 'acked', partition, offset: 0, appendedAtMs: record?.appendedAtMs });
        expect(record).toMatchObject({ topic, partition, offset: 0 });
        expect(record?.key).toEqual(Buffer.from('käse'));
        expect(record?.value).toEqual(Buffer.from('v'));
        expect(record?.headers).toEqual({ text: Buffer.from('naïve'), raw: Buffer.from([0, 255]) });
        expect(Math.abs((record?.appendedAtMs ?? 0) - sentAtMs)).toBeLessThan(60_000);
      });

      it('gives each partition its records in the order of sendAll', async () => {
        const topic = await newTopic(3);
        const sent = numbered(topic, 300);
        const outcomes = await producer.sendAll(sent);
        const records = await readAll(topic);
        const placed = outcomes.map((outcome) =>
          outcome.kind === 'acked' ? `${outcome.partition}:${outcome.offset}` : outcome.kind,
        );
        const found = new Map(
          records.map((each) => [`${each.partition}:${each.offset}`, String(each.value)]),
        );
        expect(placed.map((place) => found.get(place))).toEqual(sent.map((record) => String(record.value)));
        for (const partition of [0, 1, 2]) {
          const own = records
            .filter((record) => record.partition === partition)
            .map((each) => Number(each.value));
          expect(own).toEqual([...own].sort((a, b) => a - b));
        }
      });

      it('obeys an explicit partition, also without a key or a value', async () => {
        const topic = await newTopic(3);
        const outcome = await producer.send({ topic, partition: 2, key: null, value: null });
        expect(outcome).toMatchObject({ kind: 'acked', partition: 2, offset: 0 });
        expect(await readAll(topic)).toMatchObject([{ partition: 2, key: null, value: null, headers: {} }]);
      });

      it('rejects what is sent after stop', async () => {
        const topic = await newTopic(1);
        const own = await log.producer();
        expect(await own.send({ topic, key: 'a', value: null })).toMatchObject({ kind: 'acked' });
        await own.stop(1_000);
        expect(await own.send({ topic, key: 'b', value: null })).toMatchObject({ kind: 'rejected' });
        expect(await readAll(topic)).toHaveLength(1);
      });
    });

    describe('reader', () => {
      it('returns at once from an empty topic', async () => {
        const topic = await newTopic(2);
        const onRecords = jest.fn();
        expect(await log.reader.read({ topic, onRecords })).toEqual(new Map([[0, 0], [1, 0]])); // prettier-ignore
        expect(onRecords).not.toHaveBeenCalled();
      });

      it('reads each partition from one offset up to another and says where it ended', async () => {
        const topic = await newTopic(2);
        await producer.sendAll(numbered(topic, 10, { partition: 0 }));
        await producer.sendAll(numbered(topic, 10, { partition: 1 }));
        const read: string[] = [];
        const ends = await log.reader.read({
          topic,
          from: new Map([[0, 3]]),
          to: new Map([[0, 5], [1, 2]]), // prettier-ignore
          onRecords: (records) =>
            void read.push(...records.map(({ partition, offset }) => `${partition}:${offset}`)),
        });
        expect(read.sort()).toEqual(['0:3', '0:4', '1:0', '1:1']);
        expect(ends).toEqual(new Map([[0, 5], [1, 2]])); // prettier-ignore
      });

      it('gives the handler one piece at a time and passes its error on', async () => {
        const topic = await newTopic(2);
        await producer.sendAll(numbered(topic, 20));
        let active = 0;
        const read = log.reader.read({
          topic,
          onRecords: async () => {
            active += 1;
            expect(active).toBe(1);
            await Promise.resolve();
            active -= 1;
            throw new RangeError('no more');
          },
        });
        await expect(read).rejects.toThrow(new RangeError('no more'));
      });

      it('ends when the signal aborts', async () => {
        const topic = await newTopic(1);
        await producer.sendAll(numbered(topic, 3));
        const read = log.reader.read({ topic, signal: AbortSignal.abort(), onRecords: () => undefined });
        await expect(read).rejects.toThrow(/abort/i);
      });
    });

    describe('admin', () => {
      it('creates only what is missing and tells the offsets of each partition', async () => {
        const topic = await newTopic(2);
        await producer.send({ topic, partition: 1, key: null, value: null });
        const settings = { name: topic, partitions: 2, config: topicConfig };
        expect(await log.admin.createTopics([settings], 1)).toEqual([]);
        const [first, second] = await log.admin.ranges(topic);
        expect([first, second]).toEqual([0, 1].map((high) => ({ partition: high, low: 0, high })));
        expect(await log.admin.ends(topic)).toEqual([0, 1]);
      });

      it('says in words what differs from the wanted settings', async () => {
        const name = await newTopic(2);
        const config = { ...topicConfig, 'message.timestamp.type': 'CreateTime' };
        expect(await log.admin.differences([{ name, partitions: 2, config: topicConfig }])).toEqual([]);
        expect(
          await log.admin.differences([
            { name, partitions: 3, config },
            { name: `${name}-absent`, partitions: 1, config: {} },
          ]),
        ).toEqual([
          `topic ${name} has 2 partitions instead of 3`,
          `topic ${name} has message.timestamp.type=LogAppendTime instead of CreateTime`,
          `topic ${name}-absent does not exist`,
        ]);
        await log.admin.ping(5_000);
      });
    });

    describe('consumer', () => {
      it('hands over every record once, in order within its partition, in pieces of at most recordsMax', async () => {
        const topic = await newTopic(3);
        await producer.sendAll(numbered(topic, 100));
        const seen: LogRecord[] = [];
        await consume({
          topics: [topic],
          recordsMax: 7,
          onRecords: async (records) => {
            expect(records.length).toBeLessThanOrEqual(7);
            expect(new Set(records.map((record) => record.partition)).size).toBe(1);
            seen.push(...records);
            return records.length;
          },
        });
        await producer.sendAll(numbered(topic, 100));
        await eventually(() => expect(seen).toHaveLength(200));
        for (const partition of [0, 1, 2]) {
          const offsets = seen
            .filter((record) => record.partition === partition)
            .map((record) => record.offset);
          expect(offsets).toEqual(offsets.map((_, index) => index));
        }
      });

      it('hands over again what the handler did not finish, from the first such record on', async () => {
        const topic = await newTopic(1);
        await producer.sendAll(numbered(topic, 5));
        const calls: string[][] = [];
        await consume({
          topics: [topic],
          onRecords: async (records) => {
            calls.push(values(records));
            return Math.min(2, records.length);
          },
        });
        await eventually(() => expect(calls.at(-1)).toEqual(['4']));
        expect(calls).toEqual([['0', '1', '2', '3', '4'], ['2', '3', '4'], ['4']]);
      });

      it('retries a partition whose infrastructure failed while the others flow', async () => {
        const topic = await newTopic(2);
        let isDown = true;
        let refused = 0;
        const seen: string[] = [];
        const { fatal } = await consume({
          topics: [topic],
          onRecords: async (records) => {
            if (records[0]?.partition === 0 && isDown) {
              refused += 1;
              throw new InfrastructureError('the database is away');
            }
            seen.push(...records.map(({ partition, offset }) => `${partition}:${offset}`));
            return records.length;
          },
        });
        await producer.sendAll(numbered(topic, 2, { partition: 0 }));
        await producer.sendAll(numbered(topic, 2, { partition: 1 }));
        await eventually(() => expect(refused).toBeGreaterThan(1));
        await eventually(() => expect(seen).toEqual(['1:0', '1:1']));
        isDown = false;
        await eventually(() => expect(seen).toEqual(['1:0', '1:1', '0:0', '0:1']));
        expect(fatal).toEqual([]);
      });

      it('reports a bug in the handler as fatal at once, and consumes no more', async () => {
        const topic = await newTopic(1);
        let calls = 0;
        const { fatal, consumer } = await consume({
          topics: [topic],
          onRecords: async () => {
            calls += 1;
            throw new TypeError('undefined is not a function');
          },
        });
        await producer.send({ topic, key: 'a', value: null });
        await eventually(() => expect(fatal).toEqual([70]), { withinMs: 3_000 });
        await producer.send({ topic, key: 'b', value: null });
        await consumer.stop();
        expect(calls).toBe(1);
        expect(fatal).toEqual([70]);
      });

      it('reports a nonsensical count of the handler as fatal', async () => {
        const topic = await newTopic(1);
        await producer.send({ topic, key: 'a', value: null });
        const { fatal } = await consume({
          topics: [topic],
          onRecords: async (records) => records.length + 1,
        });
        await eventually(() => expect(fatal).toEqual([70]));
      });

      it('goes on after a restart where the last one ended', async () => {
        const topic = await newTopic(2);
        const seen: string[] = [];
        const onRecords = async (records: readonly LogRecord[]): Promise<number> => {
          seen.push(...values(records));
          return records.length;
        };
        await producer.sendAll(numbered(topic, 10));
        const first = await consume({ topics: [topic], onRecords });
        await eventually(() => expect(seen).toHaveLength(10));
        await first.consumer.stop();
        await producer.send({ topic, key: 'x', value: Buffer.from('after') });
        await consume({ topics: [topic], onRecords, groupId: first.groupId });
        await eventually(() => expect(seen).toHaveLength(11));
        expect(seen.at(-1)).toBe('after');
      });

      it('starts a partition at the position that startAt names, else at the committed one', async () => {
        const topic = await newTopic(2);
        await producer.sendAll(numbered(topic, 5, { partition: 0 }));
        await producer.sendAll(numbered(topic, 5, { partition: 1 }));
        const seen: string[] = [];
        await consume({
          topics: [topic],
          startAt: async (_topic, partition) => (partition === 0 ? 3 : undefined),
          onRecords: async (records) => {
            seen.push(...records.map(({ partition, offset }) => `${partition}:${offset}`));
            return records.length;
          },
        });
        await eventually(() => expect(seen).toHaveLength(7));
        expect(seen.sort()).toEqual(['0:3', '0:4', '1:0', '1:1', '1:2', '1:3', '1:4']);
      });

      it('asks again for a start position that could not be read', async () => {
        const topic = await newTopic(1);
        await producer.sendAll(numbered(topic, 2));
        let asked = 0;
        const seen: string[] = [];
        const { fatal } = await consume({
          topics: [topic],
          startAt: async () => {
            asked += 1;
            if (asked < 3) throw new InfrastructureError('the database is away');
            return 1;
          },
          onRecords: async (records) => {
            seen.push(...values(records));
            return records.length;
          },
        });
        await eventually(() => expect(seen).toEqual(['1']));
        expect(fatal).toEqual([]);
      });

      it('refuses to start outside the log (71)', async () => {
        const topic = await newTopic(1);
        await producer.send({ topic, key: 'a', value: null });
        const onRecords = jest.fn(async (records: readonly LogRecord[]) => records.length);
        const { fatal } = await consume({ topics: [topic], onRecords, startAt: async () => 2 });
        await eventually(() => expect(fatal).toEqual([71]));
        expect(onRecords).not.toHaveBeenCalled();
      });

      it('shares the partitions out among the members and takes those of one that leaves', async () => {
        const topic = await newTopic(4);
        const groupId = `group-${randomUUID()}`;
        const onRecords = async (records: readonly LogRecord[]): Promise<number> => records.length;
        const { consumer: first } = await consume({ topics: [topic], onRecords, groupId });
        const { consumer: second } = await consume({ topics: [topic], onRecords, groupId });
        const shares = (): number[] => [first, second].map((member) => member.lag().length);
        await eventually(() => expect(shares()).toEqual([2, 2]), { withinMs: 20_000 });
        await second.stop();
        await eventually(() => expect(shares()).toEqual([4, 0]), { withinMs: 20_000 });
      });

      it('aborts the signal of a running handler on stop, and commits what it still returns', async () => {
        const topic = await newTopic(1);
        await producer.sendAll(numbered(topic, 4));
        let isRunning = false;
        const first = await consume({
          topics: [topic],
          onRecords: async (_records, signal) => {
            isRunning = true;
            await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
            return 3;
          },
        });
        await eventually(() => expect(isRunning).toBe(true));
        await first.consumer.stop();
        const seen: string[] = [];
        await consume({
          topics: [topic],
          groupId: first.groupId,
          onRecords: async (records) => {
            seen.push(...values(records));
            return records.length;
          },
        });
        await eventually(() => expect(seen).toEqual(['3']));
      });

      it('tells how far each partition is behind, in records, read or not, and in time', async () => {
        const topic = await newTopic(1);
        let isOpen = false;
        const onRecords = async (records: readonly LogRecord[]): Promise<number> => {
          if (!isOpen) throw new InfrastructureError('closed');
          return records.length;
        };
        // There is room for four records of one each.
        const { consumer } = await consume({ topics: [topic], recordsMax: 1, onRecords });
        for (const records of [6, 12]) {
          await producer.sendAll(numbered(topic, 6));
          await eventually(() => expect(consumer.lag()).toMatchObject([{ topic, partition: 0, records }]));
        }
        await eventually(() => expect(consumer.lag()[0]?.milliseconds).toBeGreaterThan(10));
        isOpen = true;
        await eventually(() =>
          expect(consumer.lag()).toEqual([{ topic, partition: 0, records: 0, milliseconds: 0 }]),
        );
      });
    });
  });
};
