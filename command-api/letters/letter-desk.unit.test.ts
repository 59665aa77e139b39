import type { Pool } from 'pg';
import { MemoryLog } from '../../chassis/kafka/memory-log';
import { createStaticCodec } from '../../schemas/event-codec';
import { topics } from '../../schemas/topics';
import type { CommandPath } from '../command-path';
import { readLetterCommand, type LetterCommand } from './letter-command';
import { LetterDesk } from './letter-desk';
import { LetterLedger } from './letter-ledger';

const trace = { correlationId: 'corr', traceparent: '' };

const commandOf = (
  members: Record<string, unknown>,
  verb: 'redrive' | 'discard' = 'redrive',
): LetterCommand => {
  const selection = 'filter' in members ? {} : { ids: ['order-requests:0:1'] };
  const read = readLetterCommand(verb, { command_id: 'c-1', ...selection, ...members });
  if (read.kind !== 'command') throw new Error('not a command');
  return read.command;
};

/** A view that holds whatever letter is asked for, parked. */
const db = {
  query: async ({ values: [names, partitions, offsets] }: { readonly values: readonly unknown[][] }) => ({
    rows: (names ?? []).map((source_topic, at) => ({
      source_topic,
      source_partition: partitions?.[at],
      source_offset: offsets?.[at],
      state: 'PARKED',
    })),
  }),
} as unknown as Pool;

/** A desk whose way into the log forgets what it was asked: as after IDEMPOTENCY_TTL, and without Redis. */
const openDesk = async (): Promise<LetterDesk> => {
  const memory = new MemoryLog();
  const names = [topics.orderRequests, topics.stockAdjustments, topics.deadLetterCommands];
  await memory.admin().createTopics(
    names.map(({ name }) => ({ name, partitions: 1, config: {} })),
    1,
  );
  const producer = memory.producer();
  const codec = createStaticCodec();
  const path = {
    submit: async ({ claim, record }: Parameters<CommandPath['submit']>[0]) => {
      const outcome = record && (await producer.send(record));
      if (outcome?.kind !== 'acked') throw new Error('not in the log');
      const { partition, offset } = outcome;
      const position = { topic: record?.topic ?? '', partition, offset };
      return { kind: 'appended', first: { correlation_id: claim.correlationId, position } };
    },
  } as unknown as CommandPath;
  const parts = { reader: memory.reader(), admin: memory.admin(), codec };
  const ledger = new LetterLedger(parts);
  return new LetterDesk({
    db,
    ...parts,
    producer,
    path,
    ledger,
    saleId: 'sale',
    clock: () => 0,
    onOrdered: () => undefined,
  });
};

describe('a command on letters that comes again', () => {
  it('is answered as the first time when it asks for the same', async () => {
    const desk = await openDesk();
    expect(await desk.order(commandOf({}), trace)).toMatchObject({ letters: 1, isReplayed: false });
    expect(await desk.order(commandOf({}), trace)).toMatchObject({ letters: 1, isReplayed: true });
  });

  it.each([{ ids: ['order-requests:0:2'] }, { filter: {} }, { rate: 7 }, { note: 'why' }])(
    'is a mismatch when it asks for something else: %j',
    async (other) => {
      const desk = await openDesk();
      await desk.order(commandOf({}), trace);
      await expect(desk.order(commandOf(other), trace)).rejects.toMatchObject({ problem: { status: 422 } });
    },
  );

  it('is a mismatch when it is a discard under the id of a redrive', async () => {
    const desk = await openDesk();
    await desk.order(commandOf({}), trace);
    const discard = commandOf({ note: 'why' }, 'discard');
    await expect(desk.order(discard, trace)).rejects.toMatchObject({ problem: { status: 422 } });
  });
});
