import { randomUUID } from 'node:crypto';
import { STATUS_CODES, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { aFewATurn } from './a-few-a-turn';
import { correlationIdOf } from './correlation';
import { problemBody, problemHeaders, type Problem } from './problem';

/** Answers to requests that reach no route. Node's own have neither a body nor a correlation id. */

const notHttp: Problem = { status: 400, error: 'BAD_REQUEST', title: 'The request cannot be understood' };

const noHost: Problem = { ...notHttp, detail: 'HTTP/1.1 needs a Host header.' };

const expectationFailed: Problem = {
  status: 417,
  error: 'EXPECTATION_FAILED',
  title: 'This expectation cannot be met',
  detail: 'Expect may only say 100-continue.',
};

const tooSlow: Problem = {
  status: 408,
  error: 'REQUEST_TIMEOUT',
  title: 'The request did not arrive in time',
};

/** By the code of Node's error; all others are 400. */
const problems: Readonly<Record<string, Problem>> = {
  HPE_CHUNK_EXTENSIONS_OVERFLOW: { status: 413, error: 'TOO_LARGE', title: 'The body is too large' },
  HPE_HEADER_OVERFLOW: { status: 431, error: 'HEADERS_TOO_LARGE', title: 'The headers are too large' },
};

interface WrittenAnswer {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const written = (problem: Problem, correlationId: string): WrittenAnswer => {
  const body = JSON.stringify(problemBody(problem, correlationId));
  const headers = {
    ...problemHeaders(problem),
    'X-Content-Type-Options': 'nosniff',
    'X-Correlation-ID': correlationId,
    'Content-Length': String(Buffer.byteLength(body)),
    Connection: 'close',
  };
  return { headers, body };
};

const asText = (problem: Problem): string => {
  const { headers, body } = written(problem, randomUUID());
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [`HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`, ...lines, '', body].join('\r\n');
};

/** A connection with the answer that Node is about to write to it; Node looks at it too before it writes its own. */
type ServedSocket = Socket & { readonly _httpMessage?: ServerResponse | null };

/**
 * A complete request that is still worked on gets no answer here: it would be told 400 for what came behind it, and its
 * order may be in the log.
 */
const isFree = ({ _httpMessage: answer }: ServedSocket): boolean =>
  !answer || (!answer.headersSent && !answer.req.complete);

const refuseConnection = (problem: Problem, socket: ServedSocket): void => {
  if (socket.writable && isFree(socket)) {
    socket.end(asText(problem));
    socket.destroySoon();
  } else socket.destroy();
};

/** Its request may have become complete while it waited to be refused. */
const refuseSlowClient = (socket: ServedSocket): void => {
  if (socket._httpMessage?.req.complete !== true) refuseConnection(tooSlow, socket);
};

const refuse = (request: IncomingMessage, response: ServerResponse, problem: Problem): void => {
  const { headers, body } = written(problem, correlationIdOf(request));
  response.writeHead(problem.status, headers);
  response.end(body);
};

/** True when it was answered here: Node's own check of this has no place to put a problem document. */
export const refuseWithoutHost = (request: IncomingMessage, response: ServerResponse): boolean => {
  if (request.headers.host !== undefined || request.httpVersion !== '1.1') return false;
  refuse(request, response, noHost);
  return true;
};

/**
 * Gives what Node's parser refuses, and clients that are too slow, the one shape of errors. Node finds all slow ones at
 * once, once a second: 1,000 refused in one turn of the event loop kept every buyer waiting for 120 to 170 ms.
 */
export const answerUnreadRequests = (server: Server): void => {
  const refuseInTurn = aFewATurn(refuseSlowClient);
  server.on('clientError', (error: NodeJS.ErrnoException, stream) => {
    const socket = stream as ServedSocket;
    if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT') refuseInTurn(socket);
    else refuseConnection(problems[error.code ?? ''] ?? notHttp, socket);
  });
  server.on('checkExpectation', (request, response) => refuse(request, response, expectationFailed));
};
