import { randomUUID } from 'node:crypto';
import { pause } from '../../chassis/deadline';
import { silentLog } from '../../chassis/log';
import { createStockConnector } from './connect-stock';
import { describeStock } from './stock.contract';

const redisUrl = process.env['REDIS_URL'] ?? '';

describeStock('in Redis', async () => {
  const connector = createStockConnector(redisUrl, `stock-${randomUUID().slice(0, 8)}`, silentLog, {
    recordsDetail: true,
  });
  return { connect: () => connector.connect(), nowMs: async () => Date.now(), wait: pause };
});
