import { pause } from '../chassis/deadline';
import type { Clock } from './ports';

export const systemClock: Clock = { nowMs: () => performance.now(), pause };
