import { stopTimes } from './stop-times';

const wanted = { graceMs: 1_000, closingMs: 4_000 };

describe('the time of a stop', () => {
  it('goes to the drain, less the grace and the closing of connections', () => {
    expect(stopTimes(30_000, wanted)).toEqual({ graceMs: 1_000, drainMs: 25_000 });
  });

  it('is shared out when it is short, so that what is in flight is finished', () => {
    expect(stopTimes(5_000, wanted)).toEqual({ graceMs: 1_000, drainMs: 2_000 });
    expect(stopTimes(2_000, wanted)).toEqual({ graceMs: 500, drainMs: 750 });
  });

  it('is not spent twice when there is none', () => {
    expect(stopTimes(0, wanted)).toEqual({ graceMs: 0, drainMs: 0 });
    expect(stopTimes(1_000, { graceMs: 60_000, closingMs: 0 })).toEqual({ graceMs: 250, drainMs: 750 });
  });
});
