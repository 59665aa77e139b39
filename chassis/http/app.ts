import express, {
  type ErrorRequestHandler,
  type Express,
  type Request,
  type RequestHandler,
  type Response,
} from 'express';
import helmet from 'helmet';
import type { HealthMonitor } from '../health';
import type { Log } from '../log';
import type { MetricsSource } from '../worker-metrics';
import { correlationIdOf } from './correlation';
import {
  internalError,
  methodNotAllowed,
  notFound,
  problemBody,
  problemHeaders,
  ProblemError,
  type Problem,
} from './problem';

export interface AppOptions {
  readonly log: Log;
  readonly metrics: MetricsSource;
  readonly health: HealthMonitor;
  /** False while starting and while draining: `/readyz` answers 503, so that no new work is routed here. */
  readonly isReady: () => boolean;
  /** Members beside the standard ones in `/health`, such as `circuit_breaker_state`. */
  readonly healthExtras?: () => Readonly<Record<string, unknown>>;
}

export const correlationOf = (response: Response): string => String(response.locals['correlationId']);

export const sendProblem = (response: Response, problem: Problem): void => {
  response
    .status(problem.status)
    .set(problemHeaders(problem))
    .send(JSON.stringify(problemBody(problem, correlationOf(response))));
};

/** Answers are data, so a page may do nothing with them; a route that serves a page sets its own policy. */
const secure = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      baseUri: ["'none'"],
      formAction: ["'none'"],
      frameAncestors: ["'none'"],
    },
  },
});

const correlate: RequestHandler = (request, response, next) => {
  const correlationId = correlationIdOf(request);
  response.locals['correlationId'] = correlationId;
  response.set('X-Correlation-ID', correlationId);
  next();
};

/** Answers 405 with `Allow` for the other methods of a path. Mount it after the routes of that path. */
export const onlyMethods =
  (...allowed: readonly string[]): RequestHandler =>
  (_request, response) => {
    sendProblem(response, methodNotAllowed(allowed));
  };

/**
 * `/livez`: the process runs its event loop. `/readyz`: it takes work; a shared dependency that blinks does not take
 * every replica out at once, so it is reported and not judged. `/health`: 503 when a required dependency is down.
 */
const mountOperations = (app: Express, options: AppOptions): void => {
  const body = (): Record<string, unknown> => ({ ...options.health.report(), ...options.healthExtras?.() });
  app.get('/livez', (_request, response) => {
    response.set('Cache-Control', 'no-store').json({ status: 'up' });
  });
  app.get('/readyz', (_request, response) => {
    const ready = options.isReady();
    response
      .status(ready ? 200 : 503)
      .set('Cache-Control', 'no-store')
      .json({ ...body(), ready });
  });
  app.get(['/health', '/healthz'], (_request, response) => {
    const report = body();
    response
      .status(report['status'] === 'down' ? 503 : 200)
      .set('Cache-Control', 'no-store')
      .json(report);
  });
  app.get('/metrics', async (_request, response) => {
    response.set('Content-Type', options.metrics.contentType).send(await options.metrics.metrics());
  });
  app.all(['/livez', '/readyz', '/health', '/healthz', '/metrics'], onlyMethods('GET', 'HEAD'));
};

interface HttpFault {
  readonly status?: unknown;
  readonly type?: unknown;
}

/** Faults that express itself raises: an undecodable path and the like. Their text is not echoed. */
const problemOfFault = (error: unknown): Problem | undefined => {
  const status = (error as HttpFault | undefined)?.status;
  if (typeof status !== 'number' || status < 400 || status > 499) return undefined;
  return { status, error: 'BAD_REQUEST', title: 'The request cannot be understood' };
};

const toProblem = (error: unknown): Problem =>
  error instanceof ProblemError ? error.problem : (problemOfFault(error) ?? internalError);

/** Mount last: unknown paths become 404, thrown errors become problem answers, and bugs are logged. */
export const mountErrors = (app: Express, log: Log): void => {
  app.use((_request: Request, response: Response) => {
    sendProblem(response, notFound);
  });
  const onError: ErrorRequestHandler = (error: unknown, request, response, _next) => {
    const problem = toProblem(error);
    if (problem === internalError) {
      log.error('a request failed', {
        event: 'request_failed',
        correlation_id: correlationOf(response),
        path: request.path,
        error,
      });
    }
    if (response.headersSent) response.destroy();
    else sendProblem(response, problem);
  };
  app.use(onError);
};

/** An express app with correlation and the operational routes; add routes, then call `mountErrors`. */
export const createApp = (options: AppOptions): Express => {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('trust proxy', false);
  app.set('query parser', 'simple');
  app.set('case sensitive routing', true);
  app.set('strict routing', false);
  app.use(secure);
  app.use(correlate);
  mountOperations(app, options);
  return app;
};
