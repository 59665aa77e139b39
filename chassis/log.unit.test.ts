import { createLog } from './log';

const linesOf = (
  write: (log: ReturnType<typeof createLog>) => void,
  level = 'info',
): Record<string, unknown>[] => {
  const written: string[] = [];
  const spy = jest.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    written.push(String(chunk));
    return true;
  });
  try {
    write(createLog('saga', level));
  } finally {
    spy.mockRestore();
  }
  return written
    .join('')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
};

describe('the log', () => {
  it('writes one JSON object a line with timestamp, level, service and message', () => {
    const [line] = linesOf((log) => log.info('started', { event: 'started' }));
    expect(line).toMatchObject({ level: 'info', service: 'saga', message: 'started', event: 'started' });
    expect(Date.parse(String(line?.['timestamp']))).not.toBeNaN();
  });

  it('keeps an injected line break inside its field', () => {
    expect(linesOf((log) => log.info('order', { user: 'a\n{"level":"error"}' }))).toHaveLength(1);
  });

  it('does not let fields overwrite level, service or message', () => {
    const [line] = linesOf((log) =>
      log.info('real', { level: 'error', service: 'forged', message: 'forged' }),
    );
    expect(line).toMatchObject({ level: 'info', service: 'saga', message: 'real' });
  });

  it('redacts secrets by the name of the field', () => {
    const [line] = linesOf((log) =>
      log.info('connected', { admin_token: 'abc', REDIS_URL: 'redis://u:p@h' }),
    );
    expect(JSON.stringify(line)).not.toMatch(/abc|u:p/);
  });

  it('redacts secrets within a field, and credentials in any address', () => {
    const error = new Error('connect redis://u:p%40ss@h:6379 failed', {
      cause: new Error('postgres://flash:s3cret@db/x'),
    });
    const [line] = linesOf((log) =>
      log.info('trying kafka://me:hidden@broker', {
        error,
        options: { headers: [{ Authorization: 'abc' }] },
      }),
    );
    expect(JSON.stringify(line)).not.toMatch(/p%40ss|s3cret|hidden|abc/);
    expect(line?.['message']).toBe('trying kafka://[redacted]@broker');
  });

  it('writes members of nested fields, not too deep', () => {
    const [line] = linesOf((log) => log.info('x', { a: { b: { c: { d: 1 } } }, list: [1n, null] }));
    expect(line).toMatchObject({ a: { b: { c: '…' } }, list: ['1', null] });
  });

  it.each(['\n', '\r\n', '\u2028', '\u0000', '\u001b[2J'])(
    'stays one line of JSON when a text holds %j',
    (text) => {
      const [line, ...more] = linesOf((log) => log.info(`a${text}b`, { user: `a${text}b`, [`k${text}`]: 1 }));
      expect(more).toEqual([]);
      expect(line).toMatchObject({ message: `a${text}b`, user: `a${text}b` });
    },
  );

  it('cuts a field that is too long', () => {
    const [line] = linesOf((log) => log.info('big', { field: 'x'.repeat(1_000_000) }));
    expect(String(line?.['field']).length).toBeLessThan(2_100);
  });

  it('tells an error with its cause', () => {
    const [line] = linesOf((log) =>
      log.error('failed', { error: new Error('outer', { cause: new Error('inner') }) }),
    );
    expect(line?.['error']).toMatchObject({ message: 'outer', cause: { message: 'inner' } });
  });

  it('writes nothing below its level', () => {
    expect(linesOf((log) => log.debug('quiet'))).toEqual([]);
    expect(linesOf((log) => log.debug('loud'), 'debug')).toHaveLength(1);
  });
});
