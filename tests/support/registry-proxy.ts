import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the proxy does to a request instead of passing it on; `undefined` passes it on. */
export type RegistryFault =
  | { readonly kind: 'answer'; readonly status: number; readonly body: string }
  | { readonly kind: 'hang' }
  | { readonly kind: 'reset' };

/** A Schema Registry of which a test says how it fails. */
export interface RegistryProxy {
  readonly url: string;
  /** Every request seen, as `METHOD path`. */
  readonly requests: string[];
  failWith(fault: (request: string) => RegistryFault | undefined): void;
  stop(): Promise<void>;
}

const bodyOf = async (request: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
};

const passOn = async (target: string, request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const method = request.method ?? 'GET';
  const body = await bodyOf(request);
  const answer = await fetch(`${target}${request.url ?? ''}`, {
    method,
    headers: { 'content-type': request.headers['content-type'] ?? 'application/json' },
    body: method === 'GET' ? null : new Uint8Array(body),
    signal: AbortSignal.timeout(10_000),
  });
  response.writeHead(answer.status, { 'content-type': 'application/json' });
  response.end(await answer.text());
};

const fail = (fault: RegistryFault, request: IncomingMessage, response: ServerResponse): void => {
  switch (fault.kind) {
    case 'hang':
      return;
    case 'reset':
      request.socket.destroy();
      return;
    case 'answer':
      response.writeHead(fault.status, { 'content-type': 'application/json' });
      response.end(fault.body);
  }
};

export const startRegistryProxy = async (target: string): Promise<RegistryProxy> => {
  const requests: string[] = [];
  let faultOf: (request: string) => RegistryFault | undefined = () => undefined;
  const server = createServer((request, response) => {
    const line = `${request.method ?? ''} ${request.url ?? ''}`;
    requests.push(line);
    const fault = faultOf(line);
    if (fault) fail(fault, request, response);
    else passOn(target, request, response).catch(() => request.socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    failWith: (fault) => {
      faultOf = fault;
    },
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
