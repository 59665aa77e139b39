import { parseInstantMs, parseTimestampMs } from './instant';

describe('a time', () => {
  it('has a zone, and needs neither seconds nor capitals', () => {
    const noon = Date.UTC(2026, 10, 27, 12);
    expect(parseTimestampMs('2026-11-27T12:00:00Z')).toBe(noon);
    expect(parseTimestampMs('2026-11-27t13:00+01:00')).toBe(noon);
    expect(parseTimestampMs('2026-11-27T12:00:00')).toBeUndefined();
  });

  it('may be milliseconds since 1970 only where that is said', () => {
    expect(parseInstantMs('1795780800000')).toBe(1_795_780_800_000);
    expect(parseTimestampMs('1795780800000')).toBeUndefined();
  });

  it('is in the calendar', () => {
    expect(parseTimestampMs('2028-02-29T00:00Z')).toBe(Date.UTC(2028, 1, 29));
    const others = ['2026-02-29', '2026-11-31', '2026-02-32', '2026-13-01', '2026-00-01'];
    for (const day of others) expect(parseTimestampMs(`${day}T00:00Z`)).toBeUndefined();
    expect(parseTimestampMs('2026-01-01T24:00Z')).toBeUndefined();
    expect(parseTimestampMs('2026-01-01T23:59:60Z')).toBeUndefined();
  });
});
