import { runSaga } from '../processes/run-service';
import { changeStockConnections } from './redis-behind-the-back';

changeStockConnections((connection) => ({
  serverRunId: async () => (await connection.current())?.runId ?? connection.serverRunId(),
}));
runSaga();
