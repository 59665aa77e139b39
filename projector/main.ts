import { runMain } from '../chassis/lifecycle';
import { readConfig } from './config';
import { start } from './start';

runMain('projector', process.env, (environment, onFatal) => start(readConfig(environment), onFatal));
