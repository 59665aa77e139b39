import { runSaga } from '../processes/run-service';

runSaga({ HORIZON: Number.MAX_SAFE_INTEGER, RECORD_TTL: 1_000 });
