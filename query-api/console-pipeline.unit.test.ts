import express from 'express';
import { startHttpServer, type HttpServer } from '../chassis/http/server';
import { eventually } from '../tests/support/eventually';
import { takePipeline, type ConsolePipeline } from './console-pipeline';
import { watchProcesses } from './watch-processes';

/** Of a saga that has two partitions of requests and one of adjustments. */
const sagaMetrics = `
saga_lag_records{topic="order-requests",partition="0"} 7
saga_lag_records{topic="order-requests",partition="1"} 5
saga_lag_records{topic="stock-adjustments",partition="0"} 90
saga_lag_seconds{topic="order-requests",partition="0"} 0.25
saga_lag_seconds{topic="order-requests",partition="1"} 1.5
saga_lag_seconds{topic="stock-adjustments",partition="0"} 99
`;

describe('the pipeline of the console', () => {
  const servers: HttpServer[] = [];
  let nowMs = 0;
  let asked = 0;

  const serve = async (health: object, metrics = ''): Promise<string> => {
    const app = express();
    app.get('/health', (_request, response) => {
      asked += 1;
      response.status(503).json(health);
    });
    app.get('/metrics', (_request, response) => void response.type('text').send(metrics));
    const server = await startHttpServer(app, { host: '127.0.0.1', port: 0 });
    servers.push(server);
    return server.url;
  };
  const watch = (addresses: Partial<Record<'command-api' | 'saga' | 'projector', string>>) => {
    const all = { 'command-api': undefined, saga: undefined, projector: undefined, ...addresses };
    const processes = watchProcesses(all, () => nowMs);
    return (): ConsolePipeline =>
      takePipeline({
        processes,
        health: () => ({ status: 'degraded', dependencies: { kafka: { status: 'down', required: false } } }),
        outcomesBehind: () => ({ events: 4, lagMs: 120.4 }),
      });
  };
  const stateOf = ({ processes }: ConsolePipeline, name: string) =>
    processes.find((one) => one.name === name)?.state;

  afterAll(async () => {
    await Promise.all(servers.map((server) => server.drain(1_000)));
  });

  it('has the dependencies of every process, the breaker, and what waits before each', async () => {
    const kafka = { kafka: { status: 'down', detail: 'no answer' } };
    const take = watch({
      'command-api': await serve({
        status: 'down',
        dependencies: kafka,
        circuit_breaker_state: 'open',
      }),
      saga: await serve({ status: 'up', dependencies: {} }, sagaMetrics),
    });
    await eventually(() =>
      expect(take()).toEqual({
        processes: [
          { name: 'command-api', state: 'down', dependencies: kafka },
          { name: 'saga', state: 'up', dependencies: {} },
          { name: 'projector', state: 'unknown', dependencies: {} },
          {
            name: 'query-api',
            state: 'degraded',
            dependencies: { kafka: { status: 'down', required: false } },
          },
        ],
        circuit_breaker: 'open',
        lag: { saga: { events: 12, ms: 1_500 }, view: { events: 4, ms: 120 } },
      }),
    );
  });

  it('knows nothing of a process whose address is not set, and calls one that does not answer silent', async () => {
    const take = watch({ saga: 'http://127.0.0.1:1' });
    await eventually(() => expect(stateOf(take(), 'saga')).toBe('silent'));
    expect(take()).toMatchObject({ circuit_breaker: null, lag: { saga: null } });
    expect(stateOf(take(), 'command-api')).toBe('unknown');
  });

  it('forgets what a process said some seconds ago, and asks it only when somebody looks', async () => {
    const take = watch({ projector: await serve({ status: 'up', dependencies: {} }) });
    await eventually(() => expect(stateOf(take(), 'projector')).toBe('up'));
    const before = asked;
    nowMs += 6_000;
    expect(stateOf(take(), 'projector')).toBe('unknown');
    await eventually(() => expect(stateOf(take(), 'projector')).toBe('up'));
    expect(asked).toBeGreaterThan(before);
  });
});
