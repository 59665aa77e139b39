import { createExitAllowance, isAsAsked } from './exits';

describe('the end of a process', () => {
  it('is as asked when it died of the signal, or left with code 0 at SIGTERM', () => {
    expect(isAsAsked({ code: null, signal: 'SIGKILL' }, 'SIGKILL')).toBe(true);
    expect(isAsAsked({ code: 0, signal: null }, 'SIGTERM')).toBe(true);
    expect(isAsAsked({ code: null, signal: 'SIGTERM' }, 'SIGTERM')).toBe(true);
  });

  it('is another one when it crashed in the meantime', () => {
    expect(isAsAsked({ code: 1, signal: null }, 'SIGTERM')).toBe(false);
    expect(isAsAsked({ code: null, signal: 'SIGSEGV' }, 'SIGTERM')).toBe(false);
    expect(isAsAsked({ code: 0, signal: null }, 'SIGKILL')).toBe(false);
  });

  it('by itself is allowed by the codes of the scenario', () => {
    const isAllowed = createExitAllowance([70, 72]);
    expect(isAllowed('saga-1', 70, 0)).toBe(true);
    expect(isAllowed('saga-1', 1, 0)).toBe(false);
    expect(isAllowed('saga-1', null, 0)).toBe(false);
  });

  it('by itself is not allowed a fourth time within a minute, to each process by itself', () => {
    const isAllowed = createExitAllowance([70]);
    const ends = [0, 5_000, 10_000, 15_000].map((atMs) => isAllowed('saga-1', 70, atMs));
    expect(ends).toEqual([true, true, true, false]);
    expect(isAllowed('saga-2', 70, 16_000)).toBe(true);
    expect(isAllowed('saga-1', 70, 90_000)).toBe(true);
  });
});
