import type { RequestListener } from 'node:http';
import type { Express, Response } from 'express';
import { createHealthMonitor } from '../../chassis/health';
import { createApp, mountErrors, onlyMethods } from '../../chassis/http/app';
import { startHttpServer } from '../../chassis/http/server';
import { assemble, type Running } from '../../chassis/lifecycle';
import { createLog } from '../../chassis/log';
import { createMetrics } from '../../chassis/metrics';
import { openTracing } from '../../chassis/tracing';
import { PaymentSimulator } from '../payment/simulator';
import { systemClock } from '../system-clock';
import { createChargeRoutes } from './charge-routes';
import type { PaymentSimulatorConfig } from './config';
import { openJournal, readEntries, type Journal } from './journal';

const service = 'payment-simulator';
const version = '0.1.0';

/** `PUT` begins an outage, in which nobody is answered and no money moves, and `DELETE` ends it. */
const mountOutage = (app: Express, simulator: PaymentSimulator): void => {
  const say = (response: Response): void => void response.json({ is_out: simulator.isOut });
  app.get('/outage', (_request, response) => say(response));
  app.put('/outage', (_request, response) => {
    simulator.isOut = true;
    say(response);
  });
  app.delete('/outage', (_request, response) => {
    simulator.isOut = false;
    say(response);
  });
  app.all('/outage', onlyMethods('GET', 'PUT', 'DELETE'));
};

const mountJournal = (app: Express, journal: Journal): void => {
  app.get('/journal', (_request, response) => {
    response.set('Content-Type', 'application/x-ndjson').send(journal.text());
  });
  app.all('/journal', onlyMethods('GET'));
  app.all('/charges', onlyMethods('POST'));
  app.all('/charges/:key', onlyMethods('GET'));
  app.all('/charges/:key/cancel', onlyMethods('POST'));
};

/** The simulated provider as a process of its own: it outlives a saga that is killed, and its journal outlives it. */
export const start = async (config: PaymentSimulatorConfig): Promise<Running> => {
  const log = createLog(service, config.LOG_LEVEL);
  return assemble(log, config.SHUTDOWN_TIMEOUT, async (releasers) => {
    const journal = openJournal(config.PAYMENT_JOURNAL_FILE);
    releasers.add('journal', () => journal.close());
    const simulator = new PaymentSimulator(
      {
        seed: config.PAYMENT_SEED,
        latencyMs: config.PAYMENT_LATENCY,
        declineRate: config.PAYMENT_DECLINE_RATE,
        timeoutRate: config.PAYMENT_TIMEOUT_RATE,
        timeoutMs: config.PAYMENT_HANG,
      },
      systemClock,
      (entry) => journal.append(entry),
    );
    for (const entry of readEntries(journal.text())) simulator.restore(entry);

    const metrics = createMetrics(service, version);
    const health = createHealthMonitor([], { log, metrics });
    releasers.add('health', () => health.stop());
    const tracing = openTracing({ service, version, config, registry: metrics, log, releasers });
    const app = createApp({ log, metrics, health, isReady: () => true });
    mountJournal(app, journal);
    mountOutage(app, simulator);
    mountErrors(app, log);
    const answerCharge = createChargeRoutes({ simulator, tracing });
    const listener: RequestListener = (request, response) => {
      if (!answerCharge(request, response)) app(request, response);
    };
    const server = await startHttpServer(listener, { host: config.HOST, port: config.PORT });
    releasers.add('http', () => server.drain(config.SHUTDOWN_TIMEOUT));
    log.info('payments are simulated', { event: 'started', port: server.port });
    return { url: server.url, stop: () => releasers.releaseAll() };
  });
};
