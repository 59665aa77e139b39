import { isTraceparent } from '../schemas/headers';
import { idempotencyKeyOf, traceparentOf } from './command-headers';

describe('the Idempotency-Key', () => {
  const keyOf = (text: string | undefined): unknown => {
    const key = idempotencyKeyOf(text === undefined ? {} : { 'idempotency-key': text });
    return key.kind === 'key' ? key.key : key.kind;
  };

  it('may be quoted, as the draft has it, or bare', () => {
    expect(keyOf('"8e03"')).toBe('8e03');
    expect(keyOf('8e03')).toBe('8e03');
    expect(keyOf('"a\\"b\\\\c"')).toBe('a"b\\c');
    expect(keyOf(undefined)).toBe('none');
  });

  it.each(['', '""', '" "', '"a', 'a"b', '"a\\n"', 'ä', 'a'.repeat(201)])(
    'is refused when it is %j',
    (text) => {
      expect(keyOf(text)).toBe('fault');
    },
  );
});

describe('the trace', () => {
  const given = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

  it('of the client is passed on', () => {
    expect(traceparentOf({ traceparent: given })).toBe(given);
  });

  it.each([undefined, 'x', `${given}\r\nx: y`])('begins anew when the client gives %j', (text) => {
    const begun = traceparentOf({ traceparent: text });
    expect(isTraceparent(begun)).toBe(true);
    expect(begun).not.toBe(traceparentOf({ traceparent: text }));
  });
});
