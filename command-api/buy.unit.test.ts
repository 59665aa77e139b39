import fc from 'fast-check';
import { answerBuy, readBuy, type Members } from './buy';

const body = { user_id: 'alice', item_id: 'shoe-42', amount: 2, request_id: 'r-1' };
const nobody = { buyer: undefined, faults: [] };
const faultsOf = (members: Members): readonly string[] => {
  const read = readBuy(members, nobody);
  return read.kind === 'faults' ? read.faults.map(({ field }) => field) : [];
};
const without = (name: keyof typeof body): Members =>
  Object.fromEntries(Object.entries(body).filter(([member]) => member !== name));

describe('a body', () => {
  it('becomes a command', () => {
    expect(readBuy(body, nobody)).toEqual({ kind: 'command', command: { ...body, sales_channel: null } });
  });

  it('may use camelCase, member by member', () => {
    const mixed = { userId: 'alice', item_id: 'shoe-42', amount: 2, requestId: 'r-1' };
    expect(readBuy(mixed, nobody)).toEqual(readBuy(body, nobody));
  });

  it('is told all of its faults at once', () => {
    expect(faultsOf({ user_id: '', item_id: 'a b', amount: 0, request_id: ' ', more: 1 })).toEqual([
      'more',
      'user_id',
      'item_id',
      'amount',
      'request_id',
    ]);
    expect(faultsOf({})).toEqual(['user_id', 'item_id', 'amount', 'request_id']);
  });

  it.each([
    ['user_id', ['', 'a'.repeat(101), 'a b', 'ä', 'a\n', 'a:b', '../x', null, 7, ['a'], { a: 1 }]],
    ['item_id', ['', 'a'.repeat(101), 'a.b', null, true]],
    ['amount', [0, -1, 1.5, 1001, '1', null, Number.MAX_SAFE_INTEGER, 1e300, true, [1]]],
    [
      'request_id',
      [
        '',
        '   ',
        '\uFEFF',
        '\u00a0',
        'a'.repeat(201),
        'a\u0000b',
        'a\nb',
        'a\u2028b',
        'a\ud800',
        '.',
        '..',
        7,
        null,
      ],
    ],
    ['sales_channel', ['', 'a b', 7, ['web']]],
  ])('is refused when %s is outside its limits', (name, values) => {
    for (const value of values) expect(faultsOf({ ...body, [name]: value })).toEqual([name]);
  });

  it.each([
    ['user_id', ['a', 'A-Z_9', 'a'.repeat(100)]],
    ['amount', [1, 1000]],
    ['request_id', ['x', '...', '.a', ' x ', 'ä/ö?:{}', 'a'.repeat(200), '😀'.repeat(200), '<script>']],
  ])('is taken when %s is at its limits', (name, values) => {
    for (const value of values) expect(faultsOf({ ...body, [name]: value })).toEqual([]);
  });

  it('may not give one member under both its names', () => {
    expect(faultsOf({ ...body, userId: 'alice' })).toEqual(['user_id']);
  });

  it('cannot smuggle in members through the prototype', () => {
    const tricks = JSON.parse(
      '{"__proto__":{"amount":1},"constructor":{"prototype":{"amount":1}}}',
    ) as Members;
    expect(faultsOf({ ...without('amount'), ...tricks })).toContain('amount');
    expect(faultsOf({ ...body, constructor: 1 })).toEqual(['constructor']);
    expect(({} as { amount?: number }).amount).toBeUndefined();
  });

  it('gets an answer of bounded size that holds no name it chose freely', () => {
    const hostile = Object.fromEntries(Array.from({ length: 500 }, (_, at) => [`<b>${at}\n`, 1]));
    const read = readBuy({ ...body, ...hostile }, nobody);
    expect(read.kind === 'faults' && read.faults.length).toBeLessThanOrEqual(20);
    expect(JSON.stringify(read)).not.toContain('<b>');
  });

  it('is read without throwing, whatever it holds, and only within the limits', () => {
    const names = ['user_id', 'userId', 'item_id', 'amount', 'request_id', 'requestId', '__proto__', 'x'];
    const members = fc.dictionary(fc.constantFrom(...names), fc.jsonValue());
    fc.assert(
      fc.property(members, (given) => {
        const read = readBuy(given, nobody);
        if (read.kind !== 'command') return;
        const { user_id, item_id, amount } = read.command;
        expect([user_id, item_id].every((id) => /^[A-Za-z0-9_-]{1,100}$/.test(id))).toBe(true);
        expect(amount).toBeGreaterThanOrEqual(1);
      }),
    );
  });

  it.each([
    ['web', 'WEB'],
    ['App', 'APP'],
    ['partner', 'PARTNER'],
    ['kiosk', 'OTHER'],
  ])('that comes by %s is recorded as %s', (given, recorded) => {
    const read = readBuy({ ...body, sales_channel: given }, nobody);
    expect(read).toMatchObject({ command: { sales_channel: recorded } });
  });
});

describe('with a token', () => {
  it('the buyer need not be named', () => {
    expect(readBuy(without('user_id'), { buyer: 'alice', faults: [] })).toMatchObject({ kind: 'command' });
  });

  it('nobody buys in the name of another', () => {
    expect(readBuy(body, { buyer: 'bob', faults: [] })).toEqual({ kind: 'other-buyer' });
  });
});

describe('the answer', () => {
  const first = {
    correlation_id: 'c-1',
    position: { topic: 'order-requests', partition: 1, offset: 7 },
  };

  it('is 202 for an order that the log has', () => {
    const quota = { remaining: 3, resetMs: 1_000 };
    expect(answerBuy({ kind: 'appended', first, quota }, false)).toEqual({
      kind: 'pending',
      first,
      quota,
      replayed: false,
    });
  });

  it('to a repeat is 409, or the first 202 again when the client asks for it', () => {
    expect(answerBuy({ kind: 'accepted', first }, false)).toEqual({ kind: 'duplicate', first });
    expect(answerBuy({ kind: 'accepted', first }, true)).toMatchObject({
      kind: 'pending',
      first,
      replayed: true,
    });
  });

  it.each([
    [{ kind: 'in-flight', retryAfterMs: 2_500 } as const, 409, 'IN_FLIGHT', 2.5],
    [{ kind: 'mismatch' } as const, 422, 'PAYLOAD_MISMATCH', undefined],
    [{ kind: 'limited', retryAfterMs: 9_000 } as const, 429, 'RATE_LIMITED', 9],
    [{ kind: 'unavailable', reason: 'breaker-open', retryAfterMs: 30_000 } as const, 503, 'UNAVAILABLE', 30],
    [{ kind: 'unavailable', reason: 'unknown', retryAfterMs: 1_000 } as const, 503, 'UNAVAILABLE', 1],
  ])('to %j is %i', (submitted, status, error, retryAfterSeconds) => {
    const answer = answerBuy(submitted, false);
    expect('problem' in answer && answer.problem).toMatchObject({ status, error });
    expect('problem' in answer && answer.problem.retryAfterSeconds).toBe(retryAfterSeconds);
  });
});
