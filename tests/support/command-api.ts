import { randomUUID } from 'node:crypto';
import { readConfig } from '../../command-api/config';
import { openApiDocument } from '../../command-api/openapi-document';
import { start, type TestPorts } from '../../command-api/start';
import type { Running } from '../../chassis/lifecycle';
import { createCheckAnswer } from './openapi-check';

/** An answer with its body read, already checked against the OpenAPI document. */
export interface CheckedAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON; an empty object when it is none. */
  readonly body: Readonly<Record<string, unknown>>;
}

export interface TestCommandApi {
  readonly running: Running;
  readonly url: string;
  readonly saleId: string;
  /** Throws when the answer is not one that the OpenAPI document allows. */
  request(method: string, path: string, init?: RequestInit): Promise<CheckedAnswer>;
  post(path: string, body: unknown, headers?: Readonly<Record<string, string>>): Promise<CheckedAnswer>;
  buy(body: unknown, headers?: Readonly<Record<string, string>>): Promise<CheckedAnswer>;
}

export const adminToken = 'token-of-the-test';

const parse = (text: string): Readonly<Record<string, unknown>> => {
  try {
    return JSON.parse(text) as Readonly<Record<string, unknown>>;
  } catch {
    return {};
  }
};

/** The service in this process, on a free port, with Redis keys of its own. */
export const startTestCommandApi = async (
  environment: Readonly<Record<string, string>> = {},
  ports: TestPorts = {},
): Promise<TestCommandApi> => {
  const saleId = `test-${randomUUID().slice(0, 8)}`;
  const config = readConfig({
    ...process.env,
    PORT: '0',
    HOST: '127.0.0.1',
    LOG_LEVEL: 'error',
    SALE_ID: saleId,
    ADMIN_TOKEN: adminToken,
    DRAIN_GRACE: '0',
    ...environment,
  });
  const running = await start(config, ports);
  const checkAnswer = createCheckAnswer(openApiDocument(config.AUTH_MODE));

  const request: TestCommandApi['request'] = async (method, path, init = {}) => {
    const response = await fetch(`${running.url}${path}`, {
      signal: AbortSignal.timeout(20_000),
      ...init,
      method,
    });
    const answer = { status: response.status, headers: response.headers, text: await response.text() };
    const problems = checkAnswer(method, path.split('?')[0] ?? '', answer);
    if (problems.length > 0) throw new Error(problems.join('\n'));
    return { ...answer, body: parse(answer.text) };
  };
  const post: TestCommandApi['post'] = (path, body, headers = {}) =>
    request('POST', path, {
      headers: { 'Content-Type': 'application/json', ...headers },
      body: typeof body === 'string' || body instanceof Uint8Array ? (body as string) : JSON.stringify(body),
    });
  return {
    running,
    url: running.url,
    saleId,
    request,
    post,
    buy: (body, headers) => post('/commands/buy', body, headers),
  };
};

/** A body that is valid and like no other. */
export const someOrder = (
  more: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> => ({
  user_id: `u-${randomUUID()}`,
  item_id: 'shoe-42',
  amount: 1,
  request_id: randomUUID(),
  ...more,
});
