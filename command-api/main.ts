import cluster from 'node:cluster';
import { runMain } from '../chassis/lifecycle';
import { createLog } from '../chassis/log';
import { startWorkers } from '../chassis/workers';
import { readConfig } from './config';
import { start } from './start';

runMain('command-api', process.env, (environment) => {
  const config = readConfig(environment);
  if (cluster.isWorker || config.WORKERS === 1) return start(config);
  const url = `http://${config.HOST}:${config.PORT}`;
  const log = createLog('command-api', config.LOG_LEVEL);
  return startWorkers({ count: config.WORKERS, log, stopWithinMs: config.SHUTDOWN_TIMEOUT, url });
});
