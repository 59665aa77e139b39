import { Redis } from 'ioredis';
import * as connecting from '../../../chassis/redis';
import { runSaga } from '../processes/run-service';
import { replaceExport } from './replace';

/** ioredis as it comes: it reconnects by itself, to whatever is there, and sends again what had no reply. */
replaceExport(connecting, 'connectRedis', () => (url) => {
  const redis = new Redis(url, { retryStrategy: () => 100 });
  redis.on('error', () => undefined);
  return redis;
});
runSaga();
