import { describeScripts } from './differential.contract';

describeScripts('in Redis', () => process.env['REDIS_URL'] ?? '', 300);
