import type { LogRecord, NewRecord } from '../chassis/kafka/log';
import type { Decoded } from '../schemas/codec';
import { createAdjustmentHandler, type AdjustmentHandlerParts } from './handle-adjustments';
import { observeNothing } from './observe';

const record: LogRecord = {
  topic: 'stock-adjustments',
  partition: 0,
  offset: 7,
  key: Buffer.from('shoe'),
  value: Buffer.from('?'),
  headers: {},
  appendedAtMs: 1,
};

/** Handles a record that is read as `decoded`, and gives what is buried. */
const bury = async (decoded: Decoded): Promise<readonly NewRecord[]> => {
  const letters: NewRecord[] = [];
  const session = {
    generation: { epoch: 1 },
    connection: { adjust: () => Promise.resolve({ kind: 'applied', next: 8 }) },
  };
  const handler = createAdjustmentHandler({
    codec: { decode: () => decoded, learn: () => Promise.resolve() },
    gate: { session: () => Promise.resolve(session) },
    items: { catchUp: () => Promise.resolve() },
    fence: { newestClaim: () => Promise.resolve(1) },
    producer: {
      sendAll: (records: readonly NewRecord[]) => {
        letters.push(...records);
        return Promise.resolve(records.map(() => ({ kind: 'acked' })));
      },
    },
    observe: observeNothing,
    atStep: () => undefined,
    wallClockMs: () => 1,
  } as unknown as AdjustmentHandlerParts);
  expect(await handler([record], new AbortController().signal)).toBe(1);
  return letters;
};

const reasonsOf = (letters: readonly NewRecord[]): readonly string[] =>
  letters.flatMap(({ headers = {} }) =>
    Object.entries(headers)
      .filter(([name]) => name.endsWith('reason'))
      .map(([, value]) => String(value)),
  );

test('what cannot be read is buried for what it is', async () => {
  expect(reasonsOf(await bury({ kind: 'unknown-schema', schemaId: 99 }))).toEqual(['UNKNOWN_SCHEMA']);
  const foreign = { type: 'EpochStarted', epoch: 1, started_at: 1 } as const;
  expect(reasonsOf(await bury({ kind: 'event', event: foreign, schemaId: 1 }))).toEqual(['FOREIGN_TYPE']);
});
