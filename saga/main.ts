import { runMain } from '../chassis/lifecycle';
import { readConfig } from './config';
import { start } from './start';

runMain('saga', process.env, (environment, onFatal) => start(readConfig(environment), onFatal));
