import { silentLog, type Log } from '../chassis/log';
import { rehearse } from './rehearsal';

describe('a rehearsal', () => {
  it('comes to its end, and asks nobody', async () => {
    const said: unknown[] = [];
    const say = (...words: unknown[]): void => void said.push(words);
    const log: Log = { ...silentLog, warn: say, error: say };
    await rehearse(400, log);
    expect(said).toEqual([]);
  });
});
