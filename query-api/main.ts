import { runMain } from '../chassis/lifecycle';
import { readConfig } from './config';
import { start } from './start';

runMain('query-api', process.env, (environment) => start(readConfig(environment)));
