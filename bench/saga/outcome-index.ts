import { silentLog } from '../../chassis/log';
import { createDecidedInLog } from '../../saga/decided-in-log';
import { systemClock } from '../../saga/system-clock';
import type { BenchServers } from './servers';

const hour = 3_600_000;
const newKeys = 200_000;
const repeats = 500;

/** CPU of this process from now on, in µs. */
const cpuMeter = (): (() => number) => {
  const before = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(before);
    return user + system;
  };
};

/** Reads where the outcomes are, then asks for keys that are new, and for two chunks of orders that were decided. */
export const measureOutcomeIndex = async (
  servers: BenchServers,
  outcomes: number,
  keyOf: (index: number) => string,
): Promise<void> => {
  const over = new AbortController();
  const decidedInLog = createDecidedInLog(
    {
      ...servers,
      clock: systemClock,
      wallClockMs: () => Date.now() + 24 * hour,
      log: silentLog,
      answerAgeMaxMs: 12 * hour,
    },
    over.signal,
  );
  const startedAtMs = performance.now();
  const readingCpu = cpuMeter();
  const reading = decidedInLog.keepReading();
  const isRead = (): boolean => decidedInLog.progress().read >= outcomes;
  while (!isRead()) await systemClock.pause(20);
  const ms = performance.now() - startedAtMs;
  const cpuMicros = readingCpu() / outcomes;
  const { bytes } = decidedInLog.progress();
  const rate = Math.round((outcomes / ms) * 1_000).toLocaleString('en-US');
  console.log(
    `  where the outcomes are: ${rate}/s, ${Math.round(ms)} ms, ${cpuMicros.toFixed(1)} µs of CPU and ${(bytes / outcomes).toFixed(1)} bytes each`,
  );
  const keys = Array.from({ length: newKeys }, (_, index) => `new-${index}-${keyOf(index)}`);
  const askingCpu = cpuMeter();
  const unknown = keys.filter((key) => decidedInLog.absentThroughMs(key) === 0).length;
  const micros = askingCpu() / newKeys;
  console.log(`  a new key: ${micros.toFixed(2)} µs of CPU; ${unknown} of ${newKeys} must be looked up`);
  const lookUp = async (what: string, indexOf: (nth: number) => number): Promise<void> => {
    const asked = Array.from({ length: repeats }, (_, nth) => ({
      key: keyOf(indexOf(nth)),
      order: undefined,
    }));
    const beganAtMs = performance.now();
    const answers = await decidedInLog.lookUp(asked, Date.now());
    const decided = answers.filter(({ kind }) => kind === 'decided').length;
    const took = Math.round(performance.now() - beganAtMs);
    console.log(`  ${repeats} orders ${what}: ${decided} looked up in ${took} ms`);
  };
  await lookUp('sent again one after the other', (nth) => nth);
  await lookUp('from all over the log', (nth) => Math.floor((nth * outcomes) / repeats));
  over.abort(new Error('measured'));
  await reading.catch(() => undefined);
};
