import type { LogRecord } from '../chassis/kafka/log';
import { lettersFrom } from '../migrations/letters/letter-rows';
import { toDeadLetterRecord, toRedriveHeaders } from '../schemas/dead-letter';
import { createDatabase, type TestDatabase } from '../tests/support/database';
import { commandFacts, letterFacts, type LetterFacts } from './letter-facts';
import { writeLetterFacts } from './letter-store';

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(async () => {
  await database.drop();
});

const source = { topic: 'order-requests', partition: 0, offset: 7 };

const parked = (offset: number, headers: LogRecord['headers'], from: typeof source): LetterFacts => {
  const original = { ...from, key: null, value: Buffer.from('x'), headers };
  const why = { reason: 'NOT_FRAMED', detail: 'd', consumer: 'saga', attempts: 1, failedAtMs: offset };
  const record = toDeadLetterRecord(original, why);
  return letterFacts(
    { ...original, topic: 'order-dlq', offset, headers: record.headers ?? {}, appendedAtMs: 1_000 + offset },
    undefined,
  );
};

const redriven = commandFacts(
  { offset: 3, appendedAtMs: 2_000 },
  {
    type: 'LettersRedriven',
    command_id: 'go',
    results: [{ letter: 'order-requests:0:7', effect: 'APPENDED', subject: 'r-1', detail: null }],
    redriven_at: 1,
  },
);
const discarded = commandFacts(
  { offset: 4, appendedAtMs: 3_000 },
  {
    type: 'LettersDiscarded',
    command_id: 'bin',
    letters: ['order-requests:0:7'],
    note: 'n',
    actor: 'ann',
    discarded_at: 1,
  },
);
const again = toRedriveHeaders({ letter: source, commandId: 'go' });
const facts = [
  parked(1, {}, source),
  parked(2, {}, source),
  parked(5, again, { ...source, offset: 90 }),
  redriven,
  discarded,
];

const contents = async (batches: readonly (readonly LetterFacts[])[]): Promise<unknown> => {
  const client = await database.pool.connect();
  try {
    await client.query('truncate views.dead_letters, views.letter_actions, views.letter_commands');
    for (const batch of batches) await writeLetterFacts(client, 'views', batch);
    const read = async (table: string): Promise<unknown> =>
      (await client.query(`select * from views.${table} order by 1, 2, 3, 4`)).rows;
    return [await read('dead_letters'), await read('letter_actions'), await read('letter_commands')];
  } finally {
    client.release();
  }
};

const states = async (): Promise<unknown> =>
  (
    await database.pool.query(
      `select l.source_topic, l.source_offset, l."offset", l.copies, l.parked_at, s.state from ${lettersFrom}`,
    )
  ).rows;

describe('a letter that is parked again after offsets were set back', () => {
  const first = { source_topic: 'order-requests', source_offset: 7, offset: 1, parked_at: 1_001 };

  it.each([
    ['PARKED', []],
    ['DISCARDED', [discarded]],
    ['REDRIVEN', [redriven]],
  ] as const)('is the one it was: %s, and counted once', async (state, done) => {
    await contents([[parked(1, {}, source)], done, [parked(8, {}, source)], [parked(9, {}, source)]]);
    expect(await states()).toEqual([{ ...first, copies: 3, state }]);
  });

  it('for the redrive that failed, adds no letter and does not open the one that was discarded since', async () => {
    const failedAgain = (offset: number) => parked(offset, again, { ...source, offset: 90 });
    await contents([[parked(1, {}, source)], [redriven], [failedAgain(5)]]);
    expect(await states()).toEqual([{ ...first, copies: 1, state: 'FAILED_AGAIN' }]);
    await contents([[parked(1, {}, source)], [redriven], [failedAgain(5)], [discarded], [failedAgain(9)]]);
    expect(await states()).toEqual([{ ...first, copies: 1, state: 'DISCARDED' }]);
  });
});

describe('what is known of a letter', () => {
  it('is one row with the first failure, whatever order the topics are read in, together or one by one', async () => {
    const expected = await contents([facts]);
    expect(expected).toMatchObject([
      [{ source_offset: 7, offset: 1, copies: 2, reason: 'NOT_FRAMED' }],
      [
        { command_id: 'bin', effect: 'DISCARDED', failed_at: null },
        { command_id: 'go', effect: 'APPENDED', subject: 'r-1', failed_at: 5 },
      ],
      [{ command_id: 'bin', kind: 'DISCARD', letters: 1 }],
    ]);
    const reversed = facts.toReversed();
    expect(await contents([reversed])).toEqual(expected);
    expect(await contents(facts.map((one) => [one]))).toEqual(expected);
    expect(await contents(reversed.map((one) => [one]))).toEqual(expected);
  });
});
