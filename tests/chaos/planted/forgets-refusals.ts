import { runSaga } from '../processes/run-service';
import { changeStockConnections } from './redis-behind-the-back';

changeStockConnections((connection, { redis, keys }) => ({
  decide: async (epoch, requests, memory) => {
    const decisions = await connection.decide(epoch, requests, memory);
    if (decisions === 'stale') return decisions;
    const refused = requests.filter((_, index) => {
      const decision = decisions[index];
      return decision?.kind === 'decided' && decision.record.state === 'FAILED';
    });
    if (refused.length > 0) await redis.del(...refused.map(({ key }) => keys.order(epoch, key)));
    return decisions;
  },
}));
runSaga();
