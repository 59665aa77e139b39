import { LastingTrouble } from './lasting-trouble';

describe('a trouble that lasts', () => {
  beforeEach(() => jest.useFakeTimers({ now: 0 }));
  afterEach(() => jest.useRealTimers());

  const scene = () => {
    const lines: string[] = [];
    const say = (message: string, fields: Readonly<Record<string, unknown>> = {}): void => {
      const { error, ...rest } = fields;
      lines.push(`${message} ${error instanceof Error ? error.message : ''} ${JSON.stringify(rest)}`);
    };
    const logger = { debug: say, info: say, warn: say, error: say };
    return { lines, trouble: new LastingTrouble(logger, 'no fetch', { broker: 1 }) };
  };

  it('is told at once, each minute with how long and how often, and when it is over', async () => {
    const { lines, trouble } = scene();
    for (let second = 0; second <= 120; second += 1) {
      trouble.note(new Error(`try ${second}`), { partition: 3 });
      await jest.advanceTimersByTimeAsync(1_000);
    }
    trouble.over();
    expect(lines).toEqual([
      'no fetch try 0 {"broker":1,"partition":3,"times":1,"forMs":0}',
      'no fetch try 60 {"broker":1,"partition":3,"times":61,"forMs":60000}',
      'no fetch try 120 {"broker":1,"partition":3,"times":121,"forMs":120000}',
      'over: no fetch  {"broker":1,"times":121,"forMs":121000}',
    ]);
  });

  it('is over once, and the next one is told at once', () => {
    const { lines, trouble } = scene();
    trouble.over();
    trouble.note(new Error('first'));
    trouble.over();
    trouble.over();
    trouble.note(new Error('second'));
    expect(lines).toHaveLength(3);
  });
});
