import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { uuidV5 } from '../../schemas/event-id';
import { isLine } from '../../schemas/fields';
import type { Order } from '../ports';
import type { PaymentProvider, ProviderCharge } from './provider';

export interface HttpPaymentSettings {
  /** Base address, such as `http://127.0.0.1:9103`. */
  readonly url: string;
  /** Deadline of one call, from the first byte sent to the last one read. */
  readonly timeoutMs: number;
  /** Connections held open; calls beyond it wait for a free one within their deadline. */
  readonly connectionsMax: number;
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** An answer longer than this is not from a payment provider. */
const bodyBytesMax = 64 * 1024;
const paymentIdCharactersMax = 200;

const readBody = async (response: IncomingMessage): Promise<unknown> => {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of response as AsyncIterable<Buffer>) {
    bytes += piece.length;
    if (bytes > bodyBytesMax) throw new Error('the answer is too long');
    pieces.push(piece);
  }
  const text = Buffer.concat(pieces).toString('utf8');
  return text === '' ? undefined : (JSON.parse(text) as unknown);
};

const memberOf = (body: unknown, name: string): unknown =>
  typeof body === 'object' && body !== null ? (body as Readonly<Record<string, unknown>>)[name] : undefined;

/** The provider's name of the payment; one that cannot stand in an event is replaced by one made from the key. */
const paymentIdOf = (body: unknown, paymentKey: string): string => {
  const id = memberOf(body, 'payment_id');
  return isLine(id, paymentIdCharactersMax) ? id : uuidV5(`${paymentKey}:payment`);
};

/** A definite no is only what the contract calls one; any other trouble may have charged. */
const toCharge = ({ status, body }: Answer, paymentKey: string): ProviderCharge => {
  const said = memberOf(body, 'status');
  if ((status === 200 || status === 201) && said === 'approved') {
    return { kind: 'approved', paymentId: paymentIdOf(body, paymentKey) };
  }
  if ((status === 402 || status === 200) && said === 'declined') return { kind: 'declined' };
  if ((status === 409 || status === 200) && said === 'cancelled') return { kind: 'cancelled' };
  return { kind: 'unknown' };
};

/**
 * A provider behind HTTP; docs/saga.md has the contract. Connections are pooled and kept alive, every call carries its
 * key, and whatever is not a clear answer within the deadline is unknown.
 */
export const createHttpPayment = (settings: HttpPaymentSettings): PaymentProvider & { stop(): void } => {
  const isTls = settings.url.startsWith('https:');
  const agentOptions = { keepAlive: true, maxSockets: settings.connectionsMax, scheduling: 'lifo' } as const;
  const agent = isTls ? new HttpsAgent(agentOptions) : new HttpAgent(agentOptions);
  const send = isTls ? httpsRequest : httpRequest;
  const base = settings.url.replace(/\/+$/, '');

  const call = (
    method: string,
    path: string,
    more: { readonly key?: string; readonly body?: unknown } = {},
  ) =>
    new Promise<Answer>((resolve, reject) => {
      const text = more.body === undefined ? '' : JSON.stringify(more.body);
      const headers = {
        Accept: 'application/json',
        'Content-Type': 'application/json',
        'Content-Length': Buffer.byteLength(text),
        ...(more.key === undefined ? {} : { 'Idempotency-Key': encodeURIComponent(more.key) }),
      };
      const signal = AbortSignal.timeout(settings.timeoutMs);
      const request = send(`${base}${path}`, { method, agent, headers, signal }, (response) => {
        readBody(response).then((body) => resolve({ status: response.statusCode ?? 0, body }), reject);
      });
      request.once('error', reject);
      request.end(text);
    });

  const pathOf = (paymentKey: string): string => `/payments/${encodeURIComponent(paymentKey)}`;

  return {
    charge: async (paymentKey, order) => {
      try {
        return toCharge(
          await call('POST', '/payments', { key: paymentKey, body: bodyOf(order) }),
          paymentKey,
        );
      } catch {
        return { kind: 'unknown' };
      }
    },
    query: async (paymentKey) => {
      try {
        const answer = await call('GET', pathOf(paymentKey));
        return answer.status === 404 ? { kind: 'none' } : toCharge(answer, paymentKey);
      } catch {
        return { kind: 'unknown' };
      }
    },
    cancel: async (paymentKey) => {
      try {
        const { status, body } = await call('POST', `${pathOf(paymentKey)}/cancel`);
        return { kind: status === 200 && memberOf(body, 'status') === 'cancelled' ? 'cancelled' : 'unknown' };
      } catch {
        return { kind: 'unknown' };
      }
    },
    stop: () => agent.destroy(),
  };
};

const bodyOf = (order: Order) => ({
  request_id: order.key,
  user_id: order.userId,
  item_id: order.itemId,
  amount: order.amount,
});
