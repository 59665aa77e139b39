import type { IncomingMessage, ServerResponse } from 'node:http';
import { problemBody, problemHeaders, type Problem } from '../chassis/http/problem';

export type Headers = Record<string, string>;

const jsonType = 'application/json; charset=utf-8';

/** RFC 9110: a list of tags or `*`; weak comparison, which is all that a 304 needs. */
export const matchesEtag = (ifNoneMatch: string | undefined, etag: string): boolean => {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch.trim() === '*') return true;
  return ifNoneMatch.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag);
};

const write = (response: ServerResponse, status: number, headers: Headers, body: string): void => {
  headers['Content-Length'] = String(Buffer.byteLength(body));
  headers['X-Content-Type-Options'] = 'nosniff';
  response.writeHead(status, headers);
  response.end(body);
};

export interface JsonAnswer {
  /** JSON, when it is made already; otherwise `body` is put into words. */
  readonly text?: string;
  readonly body: object;
  readonly cacheControl: string;
  readonly etag?: string;
  readonly headers?: Headers;
}

/** 200 with the body, or 304 without it when the client has it already. */
export const sendJson = (
  request: IncomingMessage,
  response: ServerResponse,
  answer: JsonAnswer,
  correlationId: string,
): void => {
  const headers: Headers = {
    'X-Correlation-ID': correlationId,
    'Cache-Control': answer.cacheControl,
    ...answer.headers,
  };
  if (answer.etag !== undefined) {
    headers['ETag'] = answer.etag;
    if (matchesEtag(request.headers['if-none-match'], answer.etag)) {
      response.writeHead(304, headers);
      response.end();
      return;
    }
  }
  headers['Content-Type'] = jsonType;
  write(response, 200, headers, answer.text ?? JSON.stringify(answer.body));
};

export const sendProblemTo = (response: ServerResponse, problem: Problem, correlationId: string): void =>
  write(
    response,
    problem.status,
    { 'X-Correlation-ID': correlationId, ...problemHeaders(problem) },
    JSON.stringify(problemBody(problem, correlationId)),
  );
