import { pause } from '../chassis/deadline';
import { loopback } from './ports';
import { isRunning } from './process-identity';
import { readRecords, type RunRecord } from './run-records';
import { logTail } from './server-process';
import type { ServiceCommand } from './services';
import { StackError } from './stack-context';

const probeTimeoutMs = 2000;
const pollMs = 100;
const restartsMax = 3;
const downMs = 3000;

/** Whether a process of ours answers 200 on /readyz now. */
export const isReady = async (port: number, timeoutMs = probeTimeoutMs): Promise<boolean> => {
  try {
    const answer = await fetch(`http://${loopback}:${port}/readyz`, {
      signal: AbortSignal.timeout(timeoutMs),
    });
    return answer.ok;
  } catch {
    return false;
  }
};

export interface ReadinessWait {
  readonly runDir: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

const failure = (service: ServiceCommand, why: string, record: RunRecord | undefined): StackError =>
  new StackError(
    record === undefined
      ? `${service.name} ${why}.`
      : `${service.name} ${why}. The end of ${record.logFile}:\n${logTail(record.logFile)}`,
  );

/**
 * Waits until a supervised service is ready.
 * @throws StackError with the end of its log when it keeps ending, stays down for 3 s, or is not ready in time.
 */
export const untilReady = async (service: ServiceCommand, wait: ReadinessWait): Promise<void> => {
  const endsAtMs = performance.now() + wait.timeoutMs;
  let aliveAtMs = performance.now();
  let record: RunRecord | undefined;
  while (performance.now() < endsAtMs) {
    if (wait.signal.aborted) throw new StackError('Interrupted.');
    if (await isReady(service.port)) return;
    record = readRecords(wait.runDir).find(({ name }) => name === service.name);
    if (record && isRunning(record)) aliveAtMs = performance.now();
    if ((record?.restarts ?? 0) >= restartsMax) throw failure(service, 'keeps ending', record);
    if (performance.now() - aliveAtMs > downMs) throw failure(service, 'is down', record);
    await pause(pollMs, wait.signal);
  }
  throw failure(service, `is not ready after ${wait.timeoutMs} ms`, record);
};
