import { Agent, request as httpRequest } from 'node:http';

export type HttpResult =
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly body: Readonly<Record<string, unknown>>;
    }
  /** The request was not sent: nobody can have acted on it. */
  | { readonly kind: 'not-sent'; readonly error: string }
  /** It was sent, and nobody knows what became of it. */
  | { readonly kind: 'unknown'; readonly error: string };

const agent = new Agent({ keepAlive: true, maxSockets: 500 });

const parse = (bytes: Buffer): Readonly<Record<string, unknown>> => {
  try {
    return JSON.parse(bytes.toString('utf8')) as Record<string, unknown>;
  } catch {
    return {};
  }
};

export interface HttpCall {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

/** One call, and what a client can honestly say of it. Never rejects. */
export const call = ({ method, url, body, headers = {}, timeoutMs }: HttpCall): Promise<HttpResult> =>
  new Promise((resolve) => {
    const text = body === undefined ? undefined : JSON.stringify(body);
    let mayHaveArrived = false;
    const outgoing = httpRequest(url, {
      method,
      agent,
      headers: text === undefined ? headers : { 'Content-Type': 'application/json', ...headers },
    });
    const deadline = setTimeout(() => outgoing.destroy(new Error(`no answer in ${timeoutMs} ms`)), timeoutMs);
    const end = (result: HttpResult): void => {
      clearTimeout(deadline);
      resolve(result);
    };
    const fail = (error: Error): void =>
      end({ kind: mayHaveArrived ? 'unknown' : 'not-sent', error: error.message });
    outgoing.on('socket', (socket) => {
      if (socket.connecting) socket.once('connect', () => (mayHaveArrived = true));
      else mayHaveArrived = true;
    });
    outgoing.on('error', fail);
    outgoing.on('response', (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('error', fail);
      incoming.on('end', () =>
        end({ kind: 'answer', status: incoming.statusCode ?? 0, body: parse(Buffer.concat(chunks)) }),
      );
    });
    outgoing.end(text);
  });
