import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createStaticCodec } from '../event-codec';
import { eventTypes, type EventType } from '../events';
import { readHistory, type SchemaHistory, type SchemaVersion } from '../history';
import { newestTypes, readerFor } from '../readers';
import { decodeBody } from '../record-codec';
import { topics, type TopicName } from '../topics';
import { catalogue } from './catalogue';
import { goldenOf, readGolden, type GoldenVersion } from './golden';
import { formatFinding, judgeHistory } from './judge';
import { samples } from './samples';

const repository = readHistory();
const golden = readGolden(join(__dirname, '..', 'golden'));

/** Released versions only: the tests stay as they are while somebody drafts the next version. */
const history = Object.fromEntries(
  eventTypes.map((eventType) => [
    eventType,
    repository[eventType].filter(({ version }) =>
      golden.some((it) => it.eventType === eventType && it.version === version),
    ),
  ]),
) as unknown as SchemaHistory;

type Field = Record<string, unknown> & { name: string };
type Change = (fields: Field[]) => Field[];

const changed = (version: SchemaVersion, number: number, change: Change): SchemaVersion => {
  const copy = structuredClone(version.schema) as { fields: Field[] };
  const schema = { ...copy, fields: change(copy.fields) };
  return { ...version, version: number, schema, text: JSON.stringify(schema) };
};

const replacing =
  (name: string, make: (field: Field) => Field): Change =>
  (fields) =>
    fields.map((field) => (field.name === name ? make(field) : field));

/** The released history with one more version of an event. */
const withNew = (eventType: EventType, change: Change): SchemaHistory => {
  const versions = history[eventType];
  const next = changed(versions.at(-1)!, versions.length + 1, change);
  return { ...history, [eventType]: [...versions, next] };
};

const linesFor = (candidate: SchemaHistory, corpus: readonly GoldenVersion[] = golden): string[] =>
  judgeHistory(candidate, corpus).findings.map(formatFinding);

interface EnumType {
  symbols: string[];
  default?: string;
}

const enumOf = (field: Field): EnumType => {
  const type = field['type'];
  return (
    Array.isArray(type) ? type.find((branch: unknown) => typeof branch === 'object') : type
  ) as EnumType;
};

const withEnum = (field: Field, change: (type: EnumType) => object): Field => {
  const type = field['type'];
  const next = change(enumOf(field));
  return {
    ...field,
    type: Array.isArray(type) ? type.map((it: unknown) => (typeof it === 'object' ? next : it)) : next,
  };
};

describe('the gate', () => {
  test('lets the history of this project pass', () => {
    expect(linesFor(repository)).toEqual([]);
  });

  test.each<[string, EventType, Change, RegExp]>([
    [
      'a renamed field',
      'OrderRequested',
      replacing('item_id', (field) => ({ ...field, name: 'sku' })),
      /^OrderRequested v\d+ against v1, v2.*: item_id became sku: .* Instead: keep item_id, add sku with a default/,
    ],
    [
      'a narrowed type',
      'OrderCompleted',
      replacing('epoch', (field) => ({ ...field, type: 'int' })),
      /epoch was long and is int: what was written with the earlier version can no longer be read\. Instead: keep it/,
    ],
    [
      'a widened type, for the readers that still run',
      'OrderRequested',
      replacing('amount', (field) => ({ ...field, type: 'long' })),
      /amount was int and is long: readers of the earlier version, of which some still run, cannot read it/,
    ],
    [
      'another type',
      'OrderRequested',
      replacing('amount', (field) => ({ ...field, type: 'string' })),
      /amount was int and is string: neither version reads the other/,
    ],
    [
      'a removed default',
      'OrderRequested',
      replacing('sales_channel', ({ default: _, ...field }) => field),
      /sales_channel lost its default: .* Instead: keep the default null/,
    ],
    [
      'a changed default',
      'OrderFailed',
      replacing('detail', (field) => ({ ...field, type: ['string', 'null'], default: '' })),
      /detail has the default "" instead of null: .* a rebuilt view would not equal the live one/,
    ],
    [
      'the default symbol of an enum removed',
      'OrderFailed',
      replacing('reason', (field) => withEnum(field, ({ default: _, ...type }) => type)),
      /reason lost the default symbol of its enum/,
    ],
    [
      'an enum symbol removed',
      'OrderFailed',
      replacing('reason', (field) =>
        withEnum(field, (type) => ({ ...type, symbols: type.symbols.slice(1) })),
      ),
      /reason lost SOLD_OUT: records that hold it would read as OTHER/,
    ],
    [
      'a new field without a default',
      'StockAdjusted',
      (fields) => [...fields, { name: 'warehouse', type: 'string' }],
      /warehouse is new and has no default: .* Instead: give it a default, best null/,
    ],
    [
      'a field removed',
      'StockAdjusted',
      (fields) => fields.filter(({ name }) => name !== 'actor'),
      /actor is gone, and earlier readers have no default for it\. Instead: keep the field/,
    ],
    [
      'null allowed where earlier readers expect a value',
      'OrderRequested',
      replacing('user_id', (field) => ({ ...field, type: ['null', 'string'] })),
      /user_id now takes null too: readers of the earlier version/,
    ],
    [
      'null no longer allowed',
      'OrderFailed',
      replacing('amount', ({ default: _, ...field }) => ({ ...field, type: 'int' })),
      /amount no longer takes null: what was written with the earlier version can no longer be read/,
    ],
    [
      'another unit of time',
      'OrderRequested',
      replacing('requested_at', (field) => ({
        ...field,
        type: { type: 'long', logicalType: 'timestamp-micros' },
      })),
      /requested_at was long \(timestamp-millis\) and is long \(timestamp-micros\): the same bytes would mean something else/,
    ],
    [
      'an alias',
      'OrderRequested',
      (fields) => [...fields, { name: 'sku', type: ['null', 'string'], default: null, aliases: ['item_id'] }],
      /sku has aliases/,
    ],
    [
      'no Avro schema',
      'EpochStarted',
      replacing('epoch', (field) => ({ ...field, type: 'longer' })),
      /is no Avro schema/,
    ],
  ])('stops %s and says what to do instead', (_, eventType, change, line) => {
    const lines = linesFor(withNew(eventType, change));
    expect(lines).toContainEqual(expect.stringMatching(line));
    expect(lines.every((it) => it.includes('Instead: '))).toBe(true);
  });

  test('stops a symbol added to an enum that has no default for readers of before', () => {
    const kind = (symbols: string[]): Field => ({
      name: 'kind',
      type: { type: 'enum', name: 'Kind', symbols },
      default: symbols[0],
    });
    const first = changed(history.EpochStarted[0]!, 1, (fields) => [...fields, kind(['A', 'B'])]);
    const second = changed(history.EpochStarted[0]!, 2, (fields) => [...fields, kind(['A', 'B', 'C'])]);
    expect(linesFor({ ...history, EpochStarted: [first, second] }, [])).toContainEqual(
      expect.stringMatching(/kind gained C, and the earlier enum has no default symbol/),
    );
  });

  test('compares with all earlier versions, not with the last one alone', () => {
    const base = history.EpochStarted[0]!;
    const note = (type: unknown): Field => ({ name: 'note', type, default: 0 });
    const versions = [
      changed(base, 1, (fields) => [...fields, note('long')]),
      base,
      changed(base, 3, (fields) => [...fields, note('int')]),
    ].map((version, index) => ({ ...version, version: index + 1 }));
    const lines = linesFor({ ...history, EpochStarted: versions }, []);
    expect(lines).toContainEqual(
      expect.stringMatching(/^EpochStarted v3 against v1: note was long and is int/),
    );
  });

  test.each<[string, EventType, Change]>([
    [
      'an optional field',
      'OrderRequested',
      (fields) => [...fields, { name: 'campaign', type: ['null', 'string'], default: null }],
    ],
    [
      'a field with a default',
      'EpochStarted',
      (fields) => [...fields, { name: 'attempt', type: 'int', default: 0 }],
    ],
    [
      'a symbol added to an enum with a default',
      'OrderFailed',
      replacing('reason', (field) =>
        withEnum(field, (type) => ({ ...type, symbols: [...type.symbols, 'FRAUD'] })),
      ),
    ],
    ['another order of fields', 'OrderRequested', (fields) => [...fields].reverse()],
    [
      'better documentation',
      'OrderRequested',
      replacing('amount', (field) => ({ ...field, doc: 'How many.' })),
    ],
    [
      'an optional field no longer written',
      'OrderFailed',
      (fields) => fields.filter(({ name }) => name !== 'detail'),
    ],
  ])('lets %s pass', (_, eventType, change) => {
    const candidate = withNew(eventType, change);
    expect(linesFor(candidate)).toEqual([]);
    expect(judgeHistory(candidate, golden).unreleased).toHaveLength(
      judgeHistory(history, golden).unreleased.length + 1,
    );
  });

  test('stops an edit of a released version, and says what the edit breaks', () => {
    const [v1, ...rest] = history.OrderRequested;
    const edited = changed(
      v1!,
      1,
      replacing('item_id', (field) => ({ ...field, name: 'sku' })),
    );
    const lines = linesFor({ ...history, OrderRequested: [edited, ...rest] });
    expect(lines).toContainEqual(
      expect.stringMatching(
        /^OrderRequested v1: the record was released and is edited\. Instead: put v1\.avsc back/,
      ),
    );
    expect(lines).toContainEqual(expect.stringMatching(/^OrderRequested v1: item_id became sku/));
  });

  test('stops a released version from disappearing', () => {
    const versions = history.OrderRequested.slice(0, 1);
    expect(linesFor({ ...history, OrderRequested: versions })).toContainEqual(
      expect.stringMatching(/^OrderRequested v2: the record was released and is gone/),
    );
  });

  test('stops a version that follows one which was never released', () => {
    const optional = (name: string): Field => ({ name, type: ['null', 'string'], default: null });
    const [base] = history.EpochClaimed;
    const two = changed(base!, 2, (fields) => [...fields, optional('a')]);
    const three = changed(two, 3, (fields) => [...fields, optional('b')]);
    expect(linesFor({ ...history, EpochClaimed: [base!, two, three] })).toContainEqual(
      expect.stringMatching(
        /^EpochClaimed v2: the record is followed by a newer version and was never released/,
      ),
    );
  });
});

describe('the released schemas', () => {
  test.each(golden.map((it) => [`${it.eventType} v${it.version}`, it] as const))(
    'document %s, the record and every field',
    (_, { schema }) => {
      const record = JSON.parse(schema) as { doc?: string; fields: { doc?: string }[] };
      expect([record, ...record.fields].filter(({ doc = '' }) => doc.length < 4)).toEqual([]);
    },
  );
});

describe('the golden records', () => {
  const types = newestTypes(repository);
  const framed = (body: string): Buffer => Buffer.concat([Buffer.alloc(5), Buffer.from(body, 'hex')]);

  test('cover every released version of every event', () => {
    const covered = golden.map(({ eventType, version }) => `${eventType} v${version}`);
    for (const eventType of eventTypes) expect(covered).toContain(`${eventType} v1`);
    expect(covered).toEqual(expect.arrayContaining(['OrderRequested v2', 'OrderFailed v2']));
  });

  test.each(golden.map((it) => [`${it.eventType} v${it.version}`, it] as const))(
    "of %s read into today's shape, with nothing lost",
    (_, { eventType, schema, records }) => {
      const reader = readerFor(types, schema);
      if (reader.kind !== 'ours') throw new Error('not one of our schemas');
      for (const { event, body } of records) {
        const decoded = decodeBody(framed(body), 0, reader);
        expect(decoded).toMatchObject({ kind: 'event', event });
        const today = decoded.kind === 'event' ? decoded.event : undefined;
        expect(Object.keys(today ?? {})).toEqual(Object.keys(samples[eventType][0] ?? {}));
      }
    },
  );

  test('of the newest released versions are what our writers write today, byte for byte', () => {
    const codec = createStaticCodec(Object.values(topics), history);
    for (const eventType of eventTypes) {
      const newest = history[eventType].at(-1)!;
      const topic = Object.values(topics).find(({ eventTypes: types }) =>
        (types as readonly string[]).includes(eventType),
      );
      const { records } = golden.find((it) => it.eventType === eventType && it.version === newest.version)!;
      const written = samples[eventType].map((sample) =>
        codec
          .encode(topic?.name as TopicName, sample)
          .subarray(5)
          .toString('hex'),
      );
      expect(written).toEqual(records.map(({ body }) => body));
      expect(goldenOf(newest).records).toEqual(records);
    }
  });
});

describe('the catalogue', () => {
  test('docs/events.md is what the schemas say', () => {
    const page = readFileSync(join(__dirname, '..', '..', 'docs', 'events.md'), 'utf8');
    expect(page).toBe(catalogue(repository, golden));
  });

  test('tells how each event came to be', () => {
    const page = catalogue(history, golden);
    expect(page).toContain('- v2: adds `sales_channel`; older records read null');
    for (const eventType of eventTypes) expect(page).toContain(`## ${eventType}\n`);
  });
});
