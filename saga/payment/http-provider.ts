import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { PaymentProvider, ProviderCharge } from './provider';

export interface HttpProviderOptions {
  readonly url: string;
  /** Deadline of one call, from the first byte sent to the last byte of the answer. */
  readonly timeoutMs: number;
  readonly connectionsMax: number;
}

/** An answer, or nothing: what happened at the other end is then unknown. */
type Answer = { readonly status: number; readonly body: unknown } | undefined;

interface Call {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** A provider's answer is a line of JSON; more than this is not one. */
const bodyBytesMax = 64 * 1024;

const readBody = async (incoming: IncomingMessage): Promise<unknown> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > bodyBytesMax) throw new Error('the answer is too long');
    chunks.push(chunk);
  }
  return JSON.parse(Buffer.concat(chunks).toString('utf8')) as unknown;
};

const textOf = (body: unknown, member: string): string | undefined => {
  const value = (body as Readonly<Record<string, unknown>> | null)?.[member];
  return typeof value === 'string' ? value : undefined;
};

/** It ends up in an event that is never deleted, so only what looks like a code is taken, and no sentence about a person. */
const declineCode = /^[A-Za-z][A-Za-z0-9_.-]{0,63}$/;

const codeIn = (body: unknown): string | null => {
  const code = textOf(body, 'code');
  return code !== undefined && declineCode.test(code) ? code : null;
};

/** The status in the body counts, not the HTTP status: a proxy's 404 or 502 knows nothing of a charge. */
const chargeIn = (answer: Answer): ProviderCharge => {
  const status = textOf(answer?.body, 'status');
  const paymentId = textOf(answer?.body, 'payment_id');
  if (status === 'approved' && paymentId !== undefined) return { kind: 'approved', paymentId };
  if (status === 'declined') return { kind: 'declined', code: codeIn(answer?.body) };
  if (status === 'cancelled') return { kind: 'cancelled' };
  return { kind: 'unknown' };
};

export interface HttpProvider extends PaymentProvider {
  /** Closes the kept connections. */
  stop(): void;
}

/** A payment provider over HTTP; docs/payment-provider.md is the contract it speaks. */
export const createHttpProvider = (options: HttpProviderOptions): HttpProvider => {
  const base = new URL(options.url.endsWith('/') ? options.url : `${options.url}/`);
  const isTls = base.protocol === 'https:';
  const pool = { keepAlive: true, maxSockets: options.connectionsMax };
  const agent = isTls ? new HttpsAgent(pool) : new HttpAgent(pool);
  const request = isTls ? httpsRequest : httpRequest;

  const call = ({ method, path, headers = {}, body }: Call): Promise<Answer> =>
    new Promise((resolve) => {
      const text = body === undefined ? undefined : JSON.stringify(body);
      const type = text === undefined ? {} : { 'Content-Type': 'application/json' };
      const signal = AbortSignal.timeout(options.timeoutMs);
      const outgoing = request(new URL(path, base), {
        method,
        agent,
        signal,
        headers: { ...headers, ...type },
      });
      outgoing.on('error', () => resolve(undefined));
      outgoing.on('response', (incoming) => {
        readBody(incoming).then(
          (read) => resolve({ status: incoming.statusCode ?? 0, body: read }),
          () => resolve(undefined),
        );
      });
      outgoing.end(text);
    });

  const chargePath = (key: string): string => `charges/${encodeURIComponent(key)}`;

  return {
    charge: async (paymentKey, order, traceparent) => {
      const { key, userId, itemId, amount } = order;
      const body = { request_id: key, user_id: userId, item_id: itemId, amount };
      const idempotency = { 'Idempotency-Key': encodeURIComponent(paymentKey) };
      const headers = traceparent === undefined ? idempotency : { ...idempotency, traceparent };
      return chargeIn(await call({ method: 'POST', path: 'charges', headers, body }));
    },
    query: async (paymentKey) => {
      const answer = await call({ method: 'GET', path: chargePath(paymentKey) });
      return answer?.status === 404 && textOf(answer.body, 'status') === 'none'
        ? { kind: 'none' }
        : chargeIn(answer);
    },
    cancel: async (paymentKey) => {
      const answer = await call({ method: 'POST', path: `${chargePath(paymentKey)}/cancel` });
      return textOf(answer?.body, 'status') === 'cancelled' ? { kind: 'cancelled' } : { kind: 'unknown' };
    },
    stop: () => agent.destroy(),
  };
};
