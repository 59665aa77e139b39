import type { IncomingMessage } from 'node:http';
import { headersFault, notJson } from './request-body';

const faultOf = (type: string | undefined): unknown =>
  headersFault({ headers: { 'content-type': type } } as unknown as IncomingMessage);

describe('a Content-Type', () => {
  it.each([
    ['application/json'],
    [' Application/JSON '],
    ['application/json;'],
    ['application/json;charset=utf-8'],
    ['application/json ; charset="UTF-8" ;'],
  ])('%j is JSON', (type) => {
    expect(faultOf(type)).toBeUndefined();
  });

  it.each([
    [undefined],
    [''],
    ['text/plain'],
    ['application/jsonx'],
    ['application/json x'],
    ['application/json; charset=utf-16'],
    ['application/json; profile=a'],
    ['text/plain; application/json'],
  ])('%j is not', (type) => {
    expect(faultOf(type)).toBe(notJson);
  });

  it('as long as a header may be costs nothing to refuse', () => {
    const type = `application/json${' '.repeat(16_000)}x`;
    const startedAtMs = performance.now();
    for (let time = 0; time < 100; time += 1) expect(faultOf(type)).toBe(notJson);
    expect(performance.now() - startedAtMs).toBeLessThan(100);
  });
});
