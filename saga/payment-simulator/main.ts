import { runMain } from '../../chassis/lifecycle';
import { readConfig } from './config';
import { start } from './start';

runMain('payment-simulator', process.env, (environment) => start(readConfig(environment)));
