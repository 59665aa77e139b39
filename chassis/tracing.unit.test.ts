import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Registry } from 'prom-client';
import { startOtlpReceiver, type OtlpReceiver } from '../tests/support/otlp-receiver';
import { readSettings } from './config';
import { Releasers } from './lifecycle';
import { silentLog, type Log } from './log';
import { tracingSettings, type TracingSettings } from './settings';
import { isSampled, openTracing, type TracedProcess } from './tracing';

const caller = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const unsampledCaller = caller.replace(/01$/, '00');
const run = promisify(execFile);

let receiver: OtlpReceiver;
let releasers: Releasers;

beforeEach(async () => {
  receiver = await startOtlpReceiver();
  releasers = new Releasers(silentLog, 5_000);
});

afterEach(async () => {
  await releasers.releaseAll();
  await receiver.stop();
});

const traced = (environment: Record<string, string>, log: Log = silentLog): TracedProcess => ({
  service: 'saga',
  version: '1.2.3',
  config: readSettings<TracingSettings>(tracingSettings, {
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    ...environment,
  }),
  registry: new Registry(),
  log,
  releasers,
});

/** Runs `script` in a process of its own, where `tracing` is as the settings want it, and gives what it prints. */
const inProcess = async (environment: Record<string, string>, script: string): Promise<unknown> => {
  const program = `
    const { openTracing } = require('./chassis/tracing.ts');
    const { Releasers } = require('./chassis/lifecycle.ts');
    const { silentLog } = require('./chassis/log.ts');
    const { readSettings } = require('./chassis/config.ts');
    const { tracingSettings } = require('./chassis/settings.ts');
    const { Registry } = require('prom-client');
    const releasers = new Releasers(silentLog, 5_000);
    const config = readSettings(tracingSettings, ${JSON.stringify(environment)});
    const parts = { service: 'saga', version: '1.2.3', config, registry: new Registry(), log: silentLog, releasers };
    const tracing = openTracing(parts);
    const say = (value) => console.log(JSON.stringify(value));
    void (async () => {
      ${script};
      await releasers.releaseAll();
    })();`;
  const { stdout } = await run(process.execPath, ['-r', './tests/support/run-typescript.js', '-e', program], {
    cwd: join(__dirname, '..'),
    timeout: 20_000,
  });
  return JSON.parse(stdout);
};

describe('without an endpoint', () => {
  it('nothing of OpenTelemetry’s SDK is loaded and no span is made', async () => {
    const said = await inProcess(
      {},
      `const loaded = Object.keys(require.cache).filter((file) => /@opentelemetry.(sdk|exporter|otlp)/.test(file));
       say([tracing.isOn, tracing.enter('x', '${caller}') === undefined, loaded.length])`,
    );
    expect(said).toEqual([false, true, 0]);
  });
});

describe('a span', () => {
  it('reaches the collector as a child of its caller, with its child, attributes and events', async () => {
    const said = await inProcess(
      {
        OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
        OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20abc,x=y',
      },
      `const span = tracing.enter('POST /commands/buy', '${caller}', { a: 1 });
       span.event('claimed');
       span.child('POST /charges', 'client').end();
       span.end({ b: 'two' }, 'the log did not answer');
       say(span.traceparent)`,
    );
    const [child, parent] = receiver.spans;
    expect(parent).toMatchObject({
      service: 'saga',
      name: 'POST /commands/buy',
      traceId: '0af7651916cd43dd8448eb211c80319c',
      parentSpanId: 'b7ad6b7169203331',
      attributes: { a: 1, b: 'two' },
      events: ['claimed'],
      isError: true,
    });
    expect(child).toMatchObject({ name: 'POST /charges', parentSpanId: parent?.spanId, isError: false });
    expect(said).toBe(`00-${parent?.traceId ?? ''}-${parent?.spanId ?? ''}-01`);
    expect(receiver.requests).toEqual([{ path: '/v1/traces', authorization: 'Bearer abc' }]);
  });

  it('is not lost when thousands end at once', async () => {
    const said = await inProcess(
      { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url },
      `for (let made = 0; made < 3_000; made += 1) tracing.enter('x', '${caller}').end();
       const counts = async () => (await parts.registry.metrics()).match(/(?<=result=).*/g) ?? [];
       const sent = (line) => Number(line.split(' ')[1]);
       while ((await counts()).map(sent).reduce((sum, count) => sum + count, 0) < 3_000)
         await new Promise((resolve) => setTimeout(resolve, 50));
       say(await counts())`,
    );
    expect(said).toEqual(['"exported"} 3000']);
    expect(receiver.spans).toHaveLength(3_000);
  });

  it('is made for no trace that is not sampled', () => {
    const tracing = openTracing(traced({ OTEL_TRACES_SAMPLER_ARG: '1' }));
    expect(tracing.enter('x', unsampledCaller)).toBeUndefined();
    expect(tracing.join('x', 'consumer', unsampledCaller)).toBeUndefined();
    expect(tracing.join('x', 'consumer', undefined)).toBeUndefined();
  });

  it('begins a trace for the share that is asked for', () => {
    const entered = (share: string): number => {
      const tracing = openTracing(traced({ OTEL_TRACES_SAMPLER_ARG: share }));
      return Array.from({ length: 1_000 }, () => tracing.enter('x', undefined)).filter(Boolean).length;
    };
    expect(entered('0')).toBe(0);
    expect(entered('1')).toBe(1_000);
    const half = entered('0.5');
    expect(half).toBeGreaterThan(400);
    expect(half).toBeLessThan(600);
  });

  it('is not made for a sampled caller where callers are not believed', () => {
    const settings = { OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: '0' };
    expect(openTracing(traced(settings)).enter('x', caller)).toBeUndefined();
  });
});

describe('a collector that is away', () => {
  it('is said once, holds up no stop, and its spans are counted as lost', async () => {
    await receiver.stop();
    const said = await inProcess(
      { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url },
      `const warnings = [];
       silentLog.warn = (message) => warnings.push(message);
       for (let made = 0; made < 20_000; made += 1) tracing.enter('x', '${caller}').end();
       const lost = async () => /result="failed"} [1-9]/.test(await parts.registry.metrics());
       const stop = async () => {
         while (!(await lost())) await new Promise((resolve) => setTimeout(resolve, 50));
         const startedAtMs = performance.now();
         await releasers.releaseAll();
         say([warnings, performance.now() - startedAtMs < 2_500]);
         process.exit(0);
       };
       await stop()`,
    );
    expect(said).toEqual([['the trace collector takes no spans'], true]);
  }, 30_000);
});

describe('the sampled flag', () => {
  it.each([
    ['00', false],
    ['01', true],
    ['02', false],
    ['03', true],
    ['0f', true],
    ['fe', false],
  ])('of flags %s is %s', (flags, sampled) => {
    expect(isSampled(caller.replace(/01$/, flags))).toBe(sampled);
  });
});

describe('the settings', () => {
  it.each([
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector:4318'],
    ['OTEL_EXPORTER_OTLP_HEADERS', 'no-value'],
    ['OTEL_EXPORTER_OTLP_HEADERS', 'a=%zz'],
    ['OTEL_TRACES_SAMPLER', 'always'],
    ['OTEL_TRACES_SAMPLER_ARG', '1.5'],
  ])('refuse %s=%s', (name, value) => {
    expect(() => readSettings(tracingSettings, { [name]: value })).toThrow(name);
  });
});
