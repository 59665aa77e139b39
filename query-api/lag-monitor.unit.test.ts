import { eventually } from '../tests/support/eventually';
import { LagMonitor } from './lag-monitor';
import { Places } from './places';
import { ViewProgress } from './view-progress';

describe('the lag of the view', () => {
  const progress = new ViewProgress(new Places(1));
  const kafka = { isAway: false };
  const ends = (topic: string, ...of: readonly number[]) => ({
    [topic]: {
      now: () => (kafka.isAway ? Promise.reject(new Error(`no ${topic}`)) : Promise.resolve(of)),
    },
  });
  const monitor = new LagMonitor(progress, { ...ends('requests', 5, 7), ...ends('outcomes', 3) });
  let nowMs = 0;

  beforeAll(async () => {
    nowMs = Math.ceil(performance.now());
    jest.spyOn(performance, 'now').mockImplementation(() => nowMs);
    progress.set('requests', 0, 5);
    progress.set('requests', 1, 4);
    progress.set('outcomes', 0, 3);
    monitor.start();
    await eventually(() => expect(monitor.behind()).not.toBeNull());
  });
  afterAll(async () => {
    jest.restoreAllMocks();
    await monitor.stop();
  });

  it('is told in events and by its worst partition, of all topics and of one', () => {
    nowMs += 2_000;
    expect(monitor.behind()).toEqual({ events: 3, lagMs: 2_000 });
    expect(monitor.behind('outcomes')).toEqual({ events: 0, lagMs: 0 });
    expect(monitor.all()).toContainEqual({ topic: 'requests', partition: 1, events: 3, lagMs: 2_000 });
  });

  it('is unknown once Kafka has not said for three seconds how long the log is, and never 0', async () => {
    kafka.isAway = true;
    await eventually(() => {
      nowMs += 10_000;
      expect([monitor.behind(), monitor.behind('outcomes'), monitor.all()]).toEqual([null, null, []]);
      expect(monitor.lag('outcomes', 0)).toBeNull();
    });
  });

  it('is known again as soon as Kafka answers', async () => {
    kafka.isAway = false;
    await eventually(() => expect(monitor.behind('outcomes')).toEqual({ events: 0, lagMs: 0 }));
  });
});
