import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import express from 'express';
import { startHttpServer, type HttpServer } from '../chassis/http/server';
import { eventually } from '../tests/support/eventually';
import { ConsoleHub } from './console-hub';
import { mountConsole } from './console-routes';
import { fillSeconds, secondsShown, type ConsoleSnapshot } from './console-snapshot';
import { DecidedSample } from './decided-sample';

const nowMs = Date.parse('2026-11-23T12:00:10.500Z');

describe('the seconds of the console', () => {
  const at = '2026-11-23T12:00:09.000Z';
  const seconds = fillSeconds(
    [
      {
        at,
        statuses: {
          ACCEPTED: { orders: 5, units: 9 },
          COMPLETED: { orders: 3, units: 4 },
          FAILED_SOLD_OUT: { orders: 1, units: 2 },
        },
      },
    ],
    nowMs,
  );

  it('are two minutes without a gap, the last one still going on', () => {
    expect(seconds).toHaveLength(secondsShown);
    expect(seconds.at(-1)?.at).toBe('2026-11-23T12:00:10.000Z');
    expect(seconds[0]?.at).toBe('2026-11-23T11:58:11.000Z');
  });

  it('count accepted, completed and failed by reason, and are empty where nothing happened', () => {
    expect(seconds.at(-2)).toEqual({ at, accepted: 5, completed: 3, failed: { SOLD_OUT: 1 } });
    expect(seconds.at(-1)).toMatchObject({ accepted: 0, completed: 0, failed: {} });
  });
});

describe('the sample of decided orders', () => {
  it('is bounded, and begins anew when it was taken', () => {
    const sample = new DecidedSample();
    sample.add(Array.from({ length: 1_000 }, (_, index) => `order-${index}`));
    expect(sample.take()).toHaveLength(300);
    expect(sample.take()).toEqual([]);
  });
});

/** As much of a response as the hub uses. */
class FakeResponse extends EventEmitter {
  readonly written: string[] = [];
  writableLength = 0;
  isDestroyed = false;
  writeHead(): void {}
  write(text: string): void {
    this.written.push(text);
  }
  end(): void {
    this.emit('close');
  }
  destroy(): void {
    this.isDestroyed = true;
    this.emit('close');
  }
}

const join = (hub: ConsoleHub): { readonly response: FakeResponse; readonly isIn: boolean } => {
  const response = new FakeResponse();
  return { response, isIn: hub.watch(response as unknown as ServerResponse) };
};

describe('the hub of the console', () => {
  const snapshot = { at: 'now' } as ConsoleSnapshot;
  const hubs: ConsoleHub[] = [];
  const begin = jest.fn();
  const open = (take: () => Promise<ConsoleSnapshot>, watchersMax = 2): ConsoleHub => {
    const hub = new ConsoleHub({ take, begin, watchersMax });
    hubs.push(hub);
    return hub;
  };
  afterEach(async () => {
    await Promise.all(hubs.splice(0).map((hub) => hub.close()));
  });

  it('takes one snapshot for all who watch', async () => {
    const take = jest.fn(() => Promise.resolve(snapshot));
    const hub = open(take);
    const watchers = [join(hub), join(hub)];
    await eventually(() => {
      for (const { response } of watchers) expect(response.written.join('')).toContain('event: snapshot');
    });
    expect(take.mock.calls.length).toBeLessThanOrEqual(2);
  });

  it('refuses one too many, and takes another when somebody has left', () => {
    const hub = open(() => Promise.resolve(snapshot));
    const [first, , third] = [join(hub), join(hub), join(hub)];
    expect(third.isIn).toBe(false);
    first.response.end();
    expect(join(hub).isIn).toBe(true);
  });

  it('says since when nothing is known while the views do not answer', async () => {
    const { response } = join(open(() => Promise.reject(new Error('no connection'))));
    await eventually(() => expect(response.written.join('')).toContain('event: unknown\ndata: {"since":'));
  });

  it('begins anew with the first who watches after nobody did, and counts from there what is unknown', async () => {
    begin.mockClear();
    jest.useFakeTimers({
      now: nowMs,
      doNotFake: ['setTimeout', 'clearTimeout', 'setImmediate', 'performance'],
    });
    const hub = open(() => Promise.reject(new Error('no connection')));
    jest.setSystemTime(nowMs + 60_000);
    const { response } = join(hub);
    join(hub);
    expect(begin).toHaveBeenCalledTimes(1);
    await eventually(() => expect(response.written).toHaveLength(2));
    jest.useRealTimers();
    const since = /"since":"([^"]+)"/.exec(response.written.join(''))?.[1] ?? '';
    expect(Date.parse(since)).toBe(nowMs + 60_000);
  });

  it('sends nothing to whom it has ended, also when a snapshot is under way', async () => {
    let answer = (_: ConsoleSnapshot): void => undefined;
    const hub = open(
      () =>
        new Promise((resolve) => {
          answer = resolve;
        }),
    );
    const { response } = join(hub);
    // Unlike a socket's, this end closes nothing: whoever is ended is still among the watchers.
    response.end = () => undefined;
    const closed = hub.close();
    answer(snapshot);
    await closed;
    expect(response.written.join('')).not.toContain('event: snapshot');
  });

  it('cuts off a watcher that does not read', async () => {
    const { response } = join(open(() => Promise.resolve(snapshot)));
    response.writableLength = 10_000_000;
    await eventually(() => expect(response.isDestroyed).toBe(true));
  });
});

describe('the page', () => {
  const servers: HttpServer[] = [];
  const get = async (path: string, commandOrigin?: string, method = 'GET') => {
    const app = express();
    mountConsole(
      app,
      new ConsoleHub({ take: () => Promise.reject(new Error()), begin: () => undefined, watchersMax: 0 }),
      commandOrigin,
    );
    const server = await startHttpServer(app, { host: '127.0.0.1', port: 0 });
    servers.push(server);
    const answer = await fetch(`${server.url}${path}`, { method });
    const { status, headers } = answer;
    const [policy, allow] = [headers.get('content-security-policy'), headers.get('allow')];
    return { status, policy, allow, text: await answer.text() };
  };
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.drain(1_000)));
  });

  it('asks its own origin alone, and knows of no command API', async () => {
    const { policy, text } = await get('/console');
    expect(policy).toContain("connect-src 'self';");
    expect(text).toContain('<body data-commands="">');
  });

  it('may ask the one command API that the setting names', async () => {
    const { policy, text } = await get('/console', 'https://orders.example');
    expect(policy).toContain("connect-src 'self' https://orders.example;");
    expect(text).toContain('<body data-commands="https://orders.example">');
  });

  it('holds no stream open for HEAD', async () => {
    const { status, allow } = await get('/console/stream', undefined, 'HEAD');
    expect([status, allow]).toEqual([405, 'GET']);
  });

  it('finds every file that it and its scripts name', async () => {
    const { text } = await get('/console');
    const named = [...text.matchAll(/(?:src|href)="(\/console\/[^"]+)"/g)].map(([, path = '']) => path);
    expect(named).toHaveLength(2);
    const script = (await get('/console/console.js')).text;
    const imported = [...script.matchAll(/from '\.(\/[^']+)'/g)].map(([, path = '']) => `/console${path}`);
    expect(imported.length).toBeGreaterThan(3);
    for (const path of [...named, ...imported])
      expect((await get(path)).policy).toContain("default-src 'none'");
  });
});
