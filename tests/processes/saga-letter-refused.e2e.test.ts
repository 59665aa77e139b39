import { ConfigResourceTypes, ConfigSource, Kafka, logLevel } from 'kafkajs';
import { partitionOf } from '../../chassis/kafka/partitioner';
import { readDeadLetter } from '../../schemas/dead-letter';
import { topics } from '../../schemas/topics';
import { eventually } from '../support/eventually';
import { startSagaSale, untilDecided, type SagaSale } from './saga-sale';

let sale: SagaSale;
beforeAll(async () => {
  sale = await startSagaSale({ PAYMENT_DECLINE_RATE: '0' });
}, 120_000);
afterAll(() => sale.remove(), 60_000);

const group = 'letters';
const requests = topics.orderRequests;
const letters = topics.orderDlq;
const requestPartitions = 8;
const partitionOfKey = (key: string): number => partitionOf(key, requestPartitions);

const withAdmin = async <T>(use: (admin: ReturnType<Kafka['admin']>) => Promise<T>): Promise<T> => {
  const admin = new Kafka({ brokers: sale.brokers.split(','), logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  try {
    return await use(admin);
  } finally {
    await admin.disconnect();
  }
};

type Settings = Readonly<Record<string, string>>;

const topic = { type: ConfigResourceTypes.TOPIC, name: letters.name };

/** What the topic was created with; a saga does not start on a topic with other settings. */
const settingsOfLetters = async (): Promise<Settings> => {
  const answer = await withAdmin((admin) =>
    admin.describeConfigs({ includeSynonyms: false, resources: [topic] }),
  );
  const own = answer.resources[0]?.configEntries.filter(
    ({ configSource }) => configSource === ConfigSource.TOPIC_CONFIG,
  );
  return Object.fromEntries((own ?? []).map(({ configName, configValue }) => [configName, configValue]));
};

/** Settings that are left out fall back to the broker's. */
const setLetters = (settings: Settings): Promise<unknown> => {
  const configEntries = Object.entries(settings).map(([name, value]) => ({ name, value }));
  return withAdmin((admin) =>
    admin.alterConfigs({ validateOnly: false, resources: [{ ...topic, configEntries }] }),
  );
};

const committed = async (partition: number): Promise<number> => {
  const [found] = await withAdmin((admin) => admin.fetchOffsets({ groupId: group, topics: [requests.name] }));
  return Number(found?.partitions.find((one) => one.partition === partition)?.offset ?? -1);
};

describe('a letter that the dead-letter topic does not take', () => {
  it('stops the offset of its partition, through a kill, until the topic takes it; then it is there once', async () => {
    const poison = 'poison';
    const partition = partitionOfKey(poison);
    const keys = Array.from({ length: 60 }, (_, index) => `order-${index}`);
    const behind = keys.filter((key) => partitionOfKey(key) === partition);
    const elsewhere = keys.filter((key) => partitionOfKey(key) !== partition);
    const buy = (some: readonly string[]) => sale.buy(...some.map((key) => ({ key, itemId: 'shoe' })));
    const first = await sale.startSaga({ SAGA_GROUP: group });
    await sale.stock('shoe', 1_000);
    await sale.buy({ key: 'before', itemId: 'shoe' });
    await untilDecided(sale, ['before'], 60_000);

    const settings = await settingsOfLetters();
    await setLetters({ ...settings, 'max.message.bytes': '2000' });
    await sale.append({ topic: requests.name, key: poison, value: Buffer.alloc(5_000, 'x') });
    const source = (await sale.partitions(requests.name))[partition]?.at(-1);
    if (!source) throw new Error('the poison is not in the log');
    await buy(keys);
    await untilDecided(sale, elsewhere, 30_000);
    for (const other of new Set(elsewhere.map(partitionOfKey))) {
      await eventually(async () => expect(await committed(other)).toBeGreaterThan(0), { withinMs: 20_000 });
    }
    /** What is behind it was decided in the same round, so its burial had been tried. */
    await untilDecided(sale, behind, 30_000);
    expect((await sale.partitions(letters.name)).flat()).toEqual([]);
    expect((await sale.outcomes()).has(poison)).toBe(false);
    expect(await committed(partition)).toBeLessThanOrEqual(source.offset);
    expect((await fetch(`${first.url}/livez`)).status).toBe(200);

    first.kill('SIGKILL');
    await first.ended(5_000);
    expect(await committed(partition)).toBeLessThanOrEqual(source.offset);
    await setLetters(settings);
    await sale.startSaga({ SAGA_GROUP: group });
    await untilDecided(sale, [poison], 60_000);
    await eventually(async () => expect(await committed(partition)).toBeGreaterThan(source.offset), {
      withinMs: 20_000,
    });
    const written = (await sale.partitions(letters.name)).flat();
    expect(written.map((letter) => [letter.value?.length, readDeadLetter(letter).source.offset])).toEqual([
      [5_000, source.offset],
    ]);
    expect((await sale.outcomes()).get(poison)).toBe('UNPROCESSABLE');
    await eventually(async () => expect(await sale.violations()).toEqual([]), { withinMs: 20_000 });
  }, 180_000);
});
