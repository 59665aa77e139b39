import { AggregatorRegistry, Registry } from 'prom-client';
import { createHealthMonitor, type Dependency, type HealthMonitor } from './health';
import { silentLog } from './log';

const monitors: HealthMonitor[] = [];
const monitor = (dependencies: readonly Dependency[], metrics = new Registry()): HealthMonitor => {
  const made = createHealthMonitor(dependencies, { log: silentLog, metrics });
  monitors.push(made);
  return made;
};
const up = (name: string, required = true): Dependency => ({
  name,
  required,
  check: () => Promise.resolve(),
});
const down = (name: string, required: boolean): Dependency => ({
  name,
  required,
  check: () => Promise.reject(new Error('connection refused')),
});

describe('the health monitor', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => {
    for (const made of monitors.splice(0)) made.stop();
    jest.useRealTimers();
  });

  it('is down while a required dependency has not answered yet', () => {
    expect(monitor([up('kafka')]).report().status).toBe('down');
  });

  it('is up when every dependency answered', async () => {
    const made = monitor([up('kafka'), up('redis', false)]);
    await jest.advanceTimersByTimeAsync(0);
    expect(made.report().status).toBe('up');
  });

  it('is degraded when an optional one is down, and names it with the reason', async () => {
    const made = monitor([up('kafka'), down('redis', false)]);
    await jest.advanceTimersByTimeAsync(0);
    expect(made.report()).toMatchObject({
      status: 'degraded',
      dependencies: { redis: { status: 'down', detail: 'connection refused' } },
    });
  });

  it('names a server that hangs within 5 seconds, and recovers by itself', async () => {
    let hangs = false;
    const check = (): Promise<void> => (hangs ? new Promise(() => undefined) : Promise.resolve());
    const made = monitor([{ name: 'postgres', required: true, check }]);
    await jest.advanceTimersByTimeAsync(0);
    hangs = true;
    await jest.advanceTimersByTimeAsync(5_000);
    expect(made.report().dependencies['postgres']).toMatchObject({ status: 'down' });
    hangs = false;
    await jest.advanceTimersByTimeAsync(5_000);
    expect(made.report().status).toBe('up');
  });

  it('of one of two workers that does not reach a server is what the metrics of both say', async () => {
    const registries = [new Registry(), new Registry()];
    monitor([up('kafka')], registries[0]);
    monitor([down('kafka', true)], registries[1]);
    await jest.advanceTimersByTimeAsync(0);
    const all = await Promise.all(registries.map((registry) => registry.getMetricsAsJSON()));
    const text = await AggregatorRegistry.aggregate(all).metrics();
    expect(text).toContain('flashsale_dependency_up{dependency="kafka"} 0');
  });
});
