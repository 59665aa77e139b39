import { runCommandApi } from './run-service';

runCommandApi();
