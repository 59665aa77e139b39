import { Agent, request as httpRequest } from 'node:http';

export interface HttpAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Longer than the API's own deadline of 3 s and than the longest `?wait=`, so that the server answers first. */
const timeoutMs = 35_000;

/** A JSON client over kept connections; several times cheaper than fetch, so that the buyers are not the limit. */
export class Client {
  private readonly agent: Agent;
  private readonly base: URL;

  constructor(baseUrl: string, connectionsMax: number) {
    this.base = new URL(baseUrl);
    this.agent = new Agent({ keepAlive: true, maxSockets: connectionsMax });
  }

  get(path: string): Promise<HttpAnswer> {
    return this.send('GET', path);
  }

  post(path: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<HttpAnswer> {
    return this.send('POST', path, JSON.stringify(body), headers);
  }

  close(): void {
    this.agent.destroy();
  }

  private send(
    method: string,
    path: string,
    body?: string,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<HttpAnswer> {
    return new Promise((resolve, reject) => {
      const outgoing = httpRequest(
        new URL(path, this.base),
        {
          method,
          agent: this.agent,
          timeout: timeoutMs,
          headers: body === undefined ? headers : { 'Content-Type': 'application/json', ...headers },
        },
        (incoming) => {
          const chunks: Buffer[] = [];
          incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
          incoming.on('error', reject);
          incoming.on('end', () =>
            resolve({ status: incoming.statusCode ?? 0, body: parse(Buffer.concat(chunks)) }),
          );
        },
      );
      outgoing.on('timeout', () =>
        outgoing.destroy(new Error(`${method} ${path}: no answer within ${timeoutMs} ms`)),
      );
      outgoing.on('error', reject);
      outgoing.end(body);
    });
  }
}

const parse = (bytes: Buffer): Readonly<Record<string, unknown>> => {
  if (bytes.length === 0) return {};
  try {
    return JSON.parse(bytes.toString('utf8')) as Record<string, unknown>;
  } catch {
    return { unparsed: bytes.toString('utf8').slice(0, 200) };
  }
};
