import fc from 'fast-check';
import { parseMembers } from './json-members';

const parse = (text: string): ReturnType<typeof parseMembers> => parseMembers(Buffer.from(text));
const detailOf = (text: string): string | undefined => {
  const parsed = parse(text);
  return parsed.kind === 'malformed' ? parsed.detail : undefined;
};

describe('a body', () => {
  it('that is one JSON object is read as JSON.parse reads it', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 })), (value) => {
        const parsed = parse(JSON.stringify(value, null, 1));
        expect(parsed).toEqual({ kind: 'members', members: JSON.parse(JSON.stringify(value)) as unknown });
      }),
    );
  });

  it.each([
    ['', 'The body is empty.'],
    ['{', 'The body is not JSON.'],
    ['{"a":1}x', 'The body is not JSON.'],
    ['{"a":"\u0000"}', 'The body is not JSON.'],
    ['\uFEFF{"a":1}', 'The body is not JSON.'],
    ['{"a":NaN}', 'The body is not JSON.'],
    ['[]', 'The body must be one JSON object.'],
    ['null', 'The body must be one JSON object.'],
    ['"a"', 'The body must be one JSON object.'],
    ['1', 'The body must be one JSON object.'],
  ])('%j is refused: %s', (text, detail) => {
    expect(detailOf(text)).toBe(detail);
  });

  it('that is not UTF-8 is refused, not repaired', () => {
    expect(parseMembers(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]))).toEqual({
      kind: 'malformed',
      detail: 'The body is not UTF-8.',
    });
  });

  it.each([
    '{"amount":1,"amount":2}',
    '{"amount":1,"\\u0061mount":2}',
    '{"a":{"b":1,"c":2},"x":":","a":{"b:":1}}',
    '{"__proto__":1,"__proto__":2}',
  ])('that gives a member twice is refused: %s', (text) => {
    expect(detailOf(text)).toBe('A member is given twice.');
  });

  it('that nests 8,000 deep is refused without exhausting the stack', () => {
    expect(detailOf(`{"a":${'['.repeat(8_000)}${']'.repeat(8_000)}}`)).toBe('The body is nested too deeply.');
    expect(detailOf(`{"a":${'['.repeat(8_000)}`)).toBe('The body is not JSON.');
  });

  it('with __proto__ gets a member of that name and no other prototype', () => {
    const parsed = parse('{"__proto__":{"amount":1}}');
    expect(parsed.kind === 'members' && Object.keys(parsed.members)).toEqual(['__proto__']);
    expect(parsed.kind === 'members' && Object.getPrototypeOf(parsed.members)).toBe(Object.prototype);
  });
});
