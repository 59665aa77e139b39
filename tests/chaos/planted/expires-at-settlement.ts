import { runSaga } from '../processes/run-service';
import { changeStockConnections } from './redis-behind-the-back';

const keptMs = 30;

changeStockConnections((connection, { redis, keys }) => ({
  settle: async (epoch, requests) => {
    const settled = await connection.settle(epoch, requests);
    for (const { order } of requests) await redis.pexpire(keys.order(epoch, order.key), keptMs);
    return settled;
  },
  // Else the right expiry would follow and undo the early one.
  emitted: async () => 'marked',
}));
runSaga();
