import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Order } from '../ports';
import type { ProviderCharge } from '../payment/provider';
import type { PaymentSimulator } from '../payment/simulator';
import type { Journal } from './journal';

const bodyBytesMax = 16 * 1024;

const statusOf = { approved: 201, declined: 402, cancelled: 409 } as const;

const answer = (response: ServerResponse, status: number, body: unknown): void => {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(text),
  });
  response.end(text);
};

const toBody = (charge: Exclude<ProviderCharge, { kind: 'unknown' }>) =>
  charge.kind === 'approved'
    ? { status: charge.kind, payment_id: charge.paymentId }
    : { status: charge.kind };

/** A lost answer: the effect stands, and the caller hears nothing more. */
const answerCharge = (response: ServerResponse, charge: ProviderCharge, status?: number): void => {
  if (charge.kind === 'unknown') response.destroy();
  else answer(response, status ?? statusOf[charge.kind], toBody(charge));
};

const readJson = async (request: IncomingMessage): Promise<Readonly<Record<string, unknown>> | undefined> => {
  let text = '';
  for await (const piece of request as AsyncIterable<Buffer>) {
    text += piece.toString('utf8');
    if (text.length > bodyBytesMax) return undefined;
  }
  try {
    const body: unknown = JSON.parse(text === '' ? '{}' : text);
    return typeof body === 'object' && body !== null
      ? (body as Readonly<Record<string, unknown>>)
      : undefined;
  } catch {
    return undefined;
  }
};

const decoded = (text: string): string | undefined => {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
};

const orderOf = (body: Readonly<Record<string, unknown>> | undefined): Order | undefined => {
  const { request_id: key, user_id: userId, item_id: itemId, amount } = body ?? {};
  if (typeof key !== 'string' || !Number.isInteger(amount)) return undefined;
  return { key, userId: String(userId), itemId: String(itemId), amount: amount as number };
};

const charge = async (
  simulator: PaymentSimulator,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> => {
  const header = request.headers['idempotency-key'];
  const key = typeof header === 'string' ? decoded(header) : undefined;
  const order = orderOf(await readJson(request));
  if (key === undefined || !order) answer(response, 400, { error: 'BAD_REQUEST' });
  else answerCharge(response, await simulator.charge(key, order));
};

const query = async (simulator: PaymentSimulator, key: string, response: ServerResponse): Promise<void> => {
  const found = await simulator.query(key);
  if (found.kind === 'none') answer(response, 404, { error: 'NOT_FOUND' });
  else answerCharge(response, found, 200);
};

const cancel = async (simulator: PaymentSimulator, key: string, response: ServerResponse): Promise<void> => {
  const { kind } = await simulator.cancel(key);
  answerCharge(response, { kind }, 200);
};

const isSettings = (body: Readonly<Record<string, unknown>>): boolean =>
  Object.entries(body).every(([name, value]) => {
    if (name === 'outage') return typeof value === 'boolean';
    if (!['latency_ms', 'decline_rate', 'timeout_rate'].includes(name)) return false;
    return typeof value === 'number' && value >= 0 && (name === 'latency_ms' || value <= 1);
  });

/** Changes the provider's behaviour while it runs: for demonstrations and chaos, not part of the contract. */
const change = async (
  simulator: PaymentSimulator,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> => {
  const body = await readJson(request);
  if (!body || !isSettings(body)) {
    answer(response, 400, { error: 'BAD_REQUEST' });
    return;
  }
  const { outage, latency_ms: latencyMs, decline_rate: declineRate, timeout_rate: timeoutRate } = body;
  simulator.change(
    Object.fromEntries(
      Object.entries({ latencyMs, declineRate, timeoutRate }).filter(([, value]) => value !== undefined),
    ),
  );
  if (typeof outage === 'boolean') simulator.isOut = outage;
  answer(response, 200, simulator.behaviour());
};

type Route = (response: ServerResponse) => Promise<void>;

/** The provider's routes; whatever is not among them goes to `otherwise`. */
export const createRoutes = (
  simulator: PaymentSimulator,
  journal: Journal,
  otherwise: RequestListener,
): RequestListener => {
  const routeOfKey = (method: string, encodedKey: string, verb: string | undefined): Route | undefined => {
    const key = decoded(encodedKey);
    if (key === undefined || key === '') return undefined;
    if (method === 'GET' && verb === undefined) return (response) => query(simulator, key, response);
    if (method === 'POST' && verb === 'cancel') return (response) => cancel(simulator, key, response);
    return undefined;
  };

  const routeOf = (request: IncomingMessage): Route | undefined => {
    const { method = '', url = '' } = request;
    const [, root, key, verb] = (url.split('?')[0] ?? '').split('/');
    if (root === 'payments' && key !== undefined) return routeOfKey(method, key, verb);
    switch (`${method} /${root ?? ''}`) {
      case 'POST /payments':
        return (response) => charge(simulator, request, response);
      case 'PUT /simulation':
        return (response) => change(simulator, request, response);
      case 'GET /journal':
        return async (response) => {
          response.writeHead(200, { 'Content-Type': 'application/x-ndjson' }).end(journal.text());
        };
      default:
        return undefined;
    }
  };

  return (request, response) => {
    const route = routeOf(request);
    if (route) route(response).catch(() => response.destroy());
    else otherwise(request, response);
  };
};
