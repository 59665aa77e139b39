import { Gauge } from 'prom-client';
import { createHealthMonitor } from '../../chassis/health';
import { createApp, mountErrors } from '../../chassis/http/app';
import { startHttpServer } from '../../chassis/http/server';
import { assemble, type Running } from '../../chassis/lifecycle';
import { createLog } from '../../chassis/log';
import { createMetrics } from '../../chassis/metrics';
import { PaymentSimulator, type JournalEntry } from '../payment/simulator';
import { systemClock } from '../system-clock';
import type { PaymentSimulatorConfig } from './config';
import { openJournal } from './journal';
import { createRoutes } from './routes';

const service = 'payment-simulator';
const version = '0.1.0';
/** A lost answer keeps its caller waiting for longer than any caller waits. */
const lostAnswerMs = 60_000;

/** A payment provider for tests and demonstrations, as a process of its own: it outlives the saga that it serves. */
export const start = async (config: PaymentSimulatorConfig): Promise<Running> => {
  const log = createLog(service, config.LOG_LEVEL);
  const registry = createMetrics(service, version);
  return assemble(log, config.SHUTDOWN_TIMEOUT, async (releasers) => {
    let append: (entry: JournalEntry) => void = () => undefined;
    const simulator = new PaymentSimulator(
      {
        seed: config.PAYMENT_SEED,
        latencyMs: config.PAYMENT_LATENCY,
        declineRate: config.PAYMENT_DECLINE_RATE,
        timeoutRate: config.PAYMENT_TIMEOUT_RATE,
        timeoutMs: lostAnswerMs,
      },
      systemClock,
      (entry) => append(entry),
    );
    const journal = openJournal(config.PAYMENT_JOURNAL, (entry) => simulator.restore(entry));
    releasers.add('journal', () => journal.close());
    append = (entry) => journal.append(entry);
    const entries = new Gauge({
      name: 'payment_simulator_journal_entries',
      help: 'Charges, refusals and cancellations in the journal',
      registers: [registry],
      collect: () => {
        entries.set(journal.length);
      },
    });
    const health = createHealthMonitor([], { log, metrics: registry });
    releasers.add('health', () => health.stop());
    const app = createApp({ log, metrics: registry, health, isReady: () => true });
    mountErrors(app, log);
    const server = await startHttpServer(createRoutes(simulator, journal, app), {
      host: config.HOST,
      port: config.PORT,
    });
    releasers.add('http server', () => server.drain(1_000));
    log.info(`listening on ${server.url}`, { event: 'started', url: server.url });
    return { url: server.url, stop: () => releasers.releaseAll() };
  });
};
