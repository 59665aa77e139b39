import type { Pool } from 'pg';
import { formatPosition } from '../../chassis/kafka/log';
import { MemoryLog } from '../../chassis/kafka/memory-log';
import { silentLog } from '../../chassis/log';
import { createStaticCodec } from '../../schemas/event-codec';
import type { LetterResult, RedriveOrdered } from '../../schemas/events';
import { topics } from '../../schemas/topics';
import { Redrive } from './redriver';
import { RedrivenRecords } from './redriven-records';

const codec = createStaticCodec();
const requests = topics.orderRequests.name;
const commands = topics.deadLetterCommands.name;
const ids = ['a', 'b', 'c'];
const letterOf = (offset: number): string => formatPosition({ topic: requests, partition: 0, offset });

const valueOf = (request_id: string): Buffer =>
  codec.encode(requests, {
    type: 'OrderRequested',
    request_id,
    user_id: 'u',
    item_id: 'shoe',
    amount: 1,
    requested_at: 0,
    sales_channel: null,
  });

/** A view that holds a parked letter for each of `ids`, and no decided order. */
const db = {
  query: async ({ name }: { readonly name: string }) =>
    name === 'letters-terminals'
      ? { rows: [] }
      : {
          rows: ids.map((id, offset) => ({
            source_topic: requests,
            source_partition: 0,
            source_offset: offset,
            key: Buffer.from(id),
            reason: 'UNDECODABLE',
            state: 'PARKED',
            redrives: 0,
            value: valueOf(id),
            headers: {},
          })),
        },
} as unknown as Pool;

const order: RedriveOrdered = {
  type: 'RedriveOrdered',
  command_id: 'command-1',
  letters: ids.map((_, offset) => letterOf(offset)),
  rate_per_second: 1_000,
  log_ends: [],
  note: null,
  actor: 'operator',
  ordered_at: 0,
};

const open = async (): Promise<{
  readonly memory: MemoryLog;
  readonly run: (done?: ReadonlySet<string>) => Promise<void>;
  readonly results: () => readonly LetterResult[];
  readonly reads: string[];
}> => {
  const memory = new MemoryLog();
  const names = [requests, topics.stockAdjustments.name, commands];
  await memory.admin().createTopics(
    names.map((name) => ({ name, partitions: 1, config: {} })),
    1,
  );
  const reads: string[] = [];
  const reader = memory.reader();
  const parts = {
    db,
    codec,
    reader: {
      read: (options: Parameters<typeof reader.read>[0]) => {
        reads.push(`${options.topic} ${options.from?.get(0) ?? 0}`);
        return reader.read(options);
      },
    },
    producer: memory.producer(),
    ledger: { catchUp: async () => undefined, open: () => [] },
    lock: { take: async () => undefined, release: async () => undefined },
    log: silentLog,
    clock: () => 0,
  };
  const redriven = new RedrivenRecords(parts, order);
  return {
    memory,
    reads,
    run: (done = new Set()) =>
      new Redrive(parts, { order, done: new Set(done) }, redriven).run(new AbortController().signal),
    results: () =>
      memory.records(commands).flatMap(({ value }) => {
        const decoded = codec.decode(commands, value);
        return decoded.kind === 'event' && decoded.event.type === 'LettersRedriven'
          ? decoded.event.results
          : [];
      }),
  };
};

describe('a redrive', () => {
  it('reports a letter whose record Kafka refuses for good as failed again, and goes on with the others', async () => {
    const { memory, run, results } = await open();
    memory.sends.push('refused');
    await run();
    expect(results()).toMatchObject([
      {
        letter: letterOf(0),
        effect: 'FAILED_AGAIN',
        subject: 'a',
        detail: 'REFUSED_BY_KAFKA: a scripted fault',
      },
      { letter: letterOf(1), effect: 'APPENDED' },
      { letter: letterOf(2), effect: 'APPENDED' },
    ]);
    expect(memory.records(requests)).toHaveLength(2);
  });

  it('tries a letter again whose record found the queue full', async () => {
    const { memory, run, results } = await open();
    memory.sends.push('rejected');
    await expect(run()).rejects.toThrow('not acknowledged');
    expect(results().map(({ effect }) => effect)).toEqual(['APPENDED', 'APPENDED']);
  });

  it('finds a record whose acknowledgement was lost, and reads on from there the next time', async () => {
    const { memory, run, results, reads } = await open();
    memory.sends.push('answer lost');
    await expect(run()).rejects.toThrow('not acknowledged');
    await run(new Set(results().map(({ letter }) => letter)));
    expect(results().map(({ letter }) => letter)).toEqual([letterOf(1), letterOf(2), letterOf(0)]);
    expect(memory.records(requests)).toHaveLength(3);
    await run(new Set(order.letters));
    expect(reads.filter((read) => read.startsWith(requests))).toEqual(
      [0, 0, 3].map((at) => `${requests} ${at}`),
    );
  });
});
