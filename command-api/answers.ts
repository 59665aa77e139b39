import type { ServerResponse } from 'node:http';
import { problemBody, problemHeaders, type Problem } from '../chassis/http/problem';
import { formatPosition } from '../chassis/kafka/log';
import type { FirstAnswer, Quota } from './admission';
import type { WindowLimits } from './window-limiter';

export interface AnswerSettings {
  /** What `/orders/…` is put behind: empty, or the query API's public address. */
  readonly queryUrl: string;
  readonly limits: WindowLimits;
}

/** What helmet sets that means something on a JSON answer; the hot route does not pass through helmet. */
const commonHeaders = {
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
} as const;

type Headers = Record<string, string>;

const send = (response: ServerResponse, status: number, headers: Headers, body: string): void => {
  headers['Content-Length'] = String(Buffer.byteLength(body));
  response.writeHead(status, headers);
  response.end(body);
};

/** What `encodeURIComponent` would leave as it is. */
const plain = /^[A-Za-z0-9_.~-]+$/;

/** Where the order's state is read: the same for its first answer and every repeat. */
export const statusUrl = (settings: AnswerSettings, requestId: string): string =>
  `${settings.queryUrl}/orders/${plain.test(requestId) ? requestId : encodeURIComponent(requestId)}`;

export interface PendingAnswer {
  /** The client's own, not the log's identity. */
  readonly requestId: string;
  /** Of this request; the body carries the first one's. */
  readonly correlationId: string;
  readonly first: FirstAnswer;
  readonly quota: Quota | undefined;
  readonly replayed: boolean;
}

const policyOf = ({ requestsMax, windowMs }: WindowLimits): string =>
  `"buy";q=${requestsMax};w=${Math.max(1, Math.ceil(windowMs / 1000))}`;

const quotaOf = ({ remaining, resetMs }: Quota): string =>
  `"buy";r=${remaining};t=${Math.max(0, Math.ceil(resetMs / 1000))}`;

/** The 202. Headers go as a list of names and values, which node:http writes as they are; an object it walks twice. */
export const answerPending = (
  response: ServerResponse,
  settings: AnswerSettings,
  { requestId, correlationId, first, quota, replayed }: PendingAnswer,
): void => {
  const url = statusUrl(settings, requestId);
  const place = formatPosition(first.position);
  const body =
    `{"status":"PENDING","request_id":${JSON.stringify(requestId)},"correlation_id":${JSON.stringify(first.correlation_id)},` +
    `"status_url":${JSON.stringify(url)},"position":"${place}"}`;
  const headers = [
    'Content-Type',
    'application/json; charset=utf-8',
    'Cache-Control',
    commonHeaders['Cache-Control'],
    'X-Content-Type-Options',
    commonHeaders['X-Content-Type-Options'],
    'X-Correlation-ID',
    correlationId,
    'Location',
    url,
    'Content-Length',
    String(Buffer.byteLength(body)),
  ];
  if (quota) {
    headers.push('RateLimit-Policy', policyOf(settings.limits), 'RateLimit', quotaOf(quota));
  }
  if (replayed) headers.push('Idempotency-Replayed', 'true');
  response.writeHead(202, headers);
  response.end(body);
};

export const answerProblem = (
  response: ServerResponse,
  problem: Problem,
  correlationId: string,
  more: { readonly headers?: Headers; readonly firstCorrelationId?: string } = {},
): void => {
  const body = JSON.stringify(problemBody(problem, more.firstCorrelationId ?? correlationId));
  const headers: Headers = {
    ...problemHeaders(problem),
    ...commonHeaders,
    'X-Correlation-ID': correlationId,
    ...more.headers,
  };
  send(response, problem.status, headers, body);
};

/** 429 with the fields that say when to come back. */
export const answerLimited = (
  response: ServerResponse,
  settings: AnswerSettings,
  problem: Problem,
  correlationId: string,
): void => {
  const resetMs = (problem.retryAfterSeconds ?? 0) * 1000;
  const headers = {
    'RateLimit-Policy': policyOf(settings.limits),
    RateLimit: quotaOf({ remaining: 0, resetMs }),
  };
  answerProblem(response, problem, correlationId, { headers });
};

/** 409 that says where the first answer is. */
export const answerDuplicate = (
  response: ServerResponse,
  settings: AnswerSettings,
  { requestId, correlationId, first }: Omit<PendingAnswer, 'quota' | 'replayed'>,
): void => {
  const url = statusUrl(settings, requestId);
  const problem: Problem = {
    status: 409,
    error: 'DUPLICATE',
    title: 'This order was accepted before',
    detail: 'Read its state at status_url. Send an Idempotency-Key header to get the first answer again.',
    more: { request_id: requestId, status_url: url, position: formatPosition(first.position) },
  };
  answerProblem(response, problem, correlationId, {
    headers: { Location: url },
    firstCorrelationId: first.correlation_id,
  });
};
