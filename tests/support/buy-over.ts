import { request, type Agent } from 'node:http';
import { openApiDocument } from '../../command-api/openapi-document';
import { createCheckAnswer, type Answer } from './openapi-check';

const checkAnswer = createCheckAnswer(openApiDocument('none'));

/** @throws when it is no answer to a request to buy that the OpenAPI document allows. */
export const checkBuyAnswer = (answer: Answer): void => {
  const problems = checkAnswer('POST', '/commands/buy', answer);
  if (problems.length > 0) throw new Error(problems.join('\n'));
};

export interface BuyAnswer {
  /** What happened instead of an answer: the code of the socket's error. */
  readonly failure?: string;
  readonly status: number;
  readonly retryAfterSeconds: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly tookMs: number;
}

const ask = (url: string, order: unknown, agent: Agent | undefined): Promise<Answer | string> =>
  new Promise((resolve) => {
    const failed = (error: NodeJS.ErrnoException): void => resolve(error.code ?? error.message);
    const outgoing = request(
      `${url}/commands/buy`,
      { method: 'POST', headers: { 'Content-Type': 'application/json' }, ...(agent ? { agent } : {}) },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('error', failed);
        incoming.on('end', () =>
          resolve({
            status: incoming.statusCode ?? 0,
            headers: new Headers(incoming.headers as Record<string, string>),
            text: Buffer.concat(chunks).toString(),
          }),
        );
      },
    );
    outgoing.on('error', failed);
    outgoing.end(JSON.stringify(order));
  });

/** Buys over a connection of `agent`, where `fetch` would take one of its own; the answer is checked. */
export const buyOver = async (url: string, order: unknown, agent?: Agent): Promise<BuyAnswer> => {
  const startedAtMs = performance.now();
  const answer = await ask(url, order, agent);
  const tookMs = performance.now() - startedAtMs;
  if (typeof answer === 'string') {
    return { failure: answer, status: 0, retryAfterSeconds: 0, body: {}, tookMs };
  }
  checkBuyAnswer(answer);
  return {
    status: answer.status,
    retryAfterSeconds: Number(answer.headers.get('retry-after') ?? 0),
    body: JSON.parse(answer.text) as Record<string, unknown>,
    tookMs,
  };
};
