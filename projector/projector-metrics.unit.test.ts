import { Registry } from 'prom-client';
import type { PartitionLag } from '../chassis/kafka/log';
import { createProjectorMetrics } from './projector-metrics';

it('each scrape shows the lag of its own moment, of the partitions held then', async () => {
  const registry = new Registry();
  let lags: readonly PartitionLag[] = [];
  createProjectorMetrics(registry).watch({ lag: () => lags });
  const scrape = async (): Promise<readonly string[]> =>
    (await registry.metrics()).split('\n').filter((line) => line.startsWith('projector_lag'));
  lags = [{ topic: 'outcomes', partition: 3, records: 70, milliseconds: 9_000 }];
  expect(await scrape()).toEqual([
    'projector_lag_events{topic="outcomes",partition="3"} 70',
    'projector_lag_seconds{topic="outcomes",partition="3"} 9',
  ]);
  lags = [{ topic: 'outcomes', partition: 4, records: 0, milliseconds: 0 }];
  expect(await scrape()).toEqual([
    'projector_lag_events{topic="outcomes",partition="4"} 0',
    'projector_lag_seconds{topic="outcomes",partition="4"} 0',
  ]);
});
