import { runSaga } from './run-service';

runSaga();
