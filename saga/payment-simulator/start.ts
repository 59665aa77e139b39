import type { RequestListener } from 'node:http';
import express, { type Express, type Response } from 'express';
import { createHealthMonitor } from '../../chassis/health';
import { createApp, mountErrors, onlyMethods } from '../../chassis/http/app';
import { ProblemError } from '../../chassis/http/problem';
import { startHttpServer } from '../../chassis/http/server';
import { assemble, type Running } from '../../chassis/lifecycle';
import { createLog } from '../../chassis/log';
import { createMetrics } from '../../chassis/metrics';
import { openTracing, type Span, type Tracing } from '../../chassis/tracing';
import { isTraceparent } from '../../schemas/headers';
import type { ProviderCharge } from '../payment/provider';
import { PaymentSimulator } from '../payment/simulator';
import { systemClock } from '../system-clock';
import type { PaymentSimulatorConfig } from './config';
import { openJournal, readEntries, type Journal } from './journal';

const service = 'payment-simulator';
const version = '0.1.0';

const httpStatus = { approved: 201, declined: 402, cancelled: 409 } as const;

/** A lost answer: the caller hears nothing and, after PAYMENT_HANG, sees the connection cut. */
const sendCharge = (response: Response, outcome: ProviderCharge): void => {
  if (outcome.kind === 'unknown') {
    response.destroy();
    return;
  }
  const paymentId = outcome.kind === 'approved' ? { payment_id: outcome.paymentId } : {};
  const code = outcome.kind === 'declined' && outcome.code !== null ? { code: outcome.code } : {};
  response.status(httpStatus[outcome.kind]).json({ status: outcome.kind, ...paymentId, ...code });
};

const badRequest = (detail: string): ProblemError =>
  new ProblemError({ status: 400, error: 'BAD_REQUEST', title: 'The charge cannot be understood', detail });

const chargeRequest = (
  header: unknown,
  body: unknown,
): { key: string; requestId: string; amount: number } => {
  const { request_id: requestId, amount } = (body ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof header !== 'string' || header === '') throw badRequest('Idempotency-Key is missing');
  if (typeof requestId !== 'string') throw badRequest('request_id must be a text');
  if (typeof amount !== 'number') throw badRequest('amount must be a number');
  return { key: decodeURIComponent(header), requestId, amount };
};

const spanOf = (tracing: Tracing, given: string | string[] | undefined): Span | undefined =>
  typeof given === 'string' && isTraceparent(given)
    ? tracing.join('POST /charges', 'server', given)
    : undefined;

interface Provider {
  readonly simulator: PaymentSimulator;
  readonly journal: Journal;
  readonly tracing: Tracing;
}

const mountRoutes = (app: Express, { simulator, journal, tracing }: Provider): void => {
  app.post('/charges', express.json({ limit: '16kb' }), async (request, response) => {
    const { key, requestId, amount } = chargeRequest(request.headers['idempotency-key'], request.body);
    const order = { key: requestId, userId: '', itemId: '', amount };
    const span = spanOf(tracing, request.headers['traceparent']);
    const outcome = await simulator.charge(key, order);
    span?.end({ 'flashsale.payment': outcome.kind });
    sendCharge(response, outcome);
  });
  app.get('/charges/:key', async (request, response) => {
    const outcome = await simulator.query(request.params.key);
    if (outcome.kind === 'none') response.status(404).json({ status: 'none' });
    else sendCharge(response.status(200), outcome);
  });
  app.post('/charges/:key/cancel', async (request, response) => {
    const outcome = await simulator.cancel(request.params.key);
    if (outcome.kind === 'unknown') response.destroy();
    else response.json({ status: 'cancelled' });
  });
  app.get('/journal', (_request, response) => {
    response.set('Content-Type', 'application/x-ndjson').send(journal.text());
  });
  app.all('/journal', onlyMethods('GET'));
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
    mountRoutes(app, { simulator, journal, tracing });
    mountErrors(app, log);
    const server = await startHttpServer(app as RequestListener, { host: config.HOST, port: config.PORT });
    releasers.add('http', () => server.drain(config.SHUTDOWN_TIMEOUT));
    log.info('payments are simulated', { event: 'started', port: server.port });
    return { url: server.url, stop: () => releasers.releaseAll() };
  });
};
