import net from 'node:net';
import { setTimeout as delayed } from 'node:timers/promises';

/** API keys that tests aim at. */
export const kafkaApi = {
  produce: 0,
  fetch: 1,
  metadata: 3,
  offsetCommit: 8,
  findCoordinator: 10,
  joinGroup: 11,
  heartbeat: 12,
} as const;

export interface KafkaRequest {
  readonly apiKey: number;
  /** How many requests with this API key came before this one since the fault was set. */
  readonly before: number;
}

/**
 * What happens to a request: it is not delivered, its answer is not, its connection is reset when the answer comes,
 * its answer is late, or a fetch of one partition is answered with an error code for it.
 */
export type KafkaFault =
  | 'drop request'
  | 'swallow response'
  | 'cut'
  | { readonly delayMs: number }
  | { readonly refuseWith: number };

/** A broker behind a network that a test breaks. It understands where one request ends and the next begins. */
export interface KafkaProxy {
  /** `host:port` for clients. */
  readonly address: string;
  /** How many faults of `failWith` have happened. */
  readonly faults: number;
  /** Decides over each request; `undefined` passes it on. */
  failWith(fault: (request: KafkaRequest) => KafkaFault | undefined): void;
  /** Nothing passes in either direction until `thaw`; connections stay open and what was sent arrives then. */
  freeze(): void;
  thaw(): void;
  /** Resets all connections. */
  cut(): void;
  stop(): Promise<void>;
}

interface Frame {
  readonly bytes: Buffer;
  readonly apiKey: number;
  readonly correlationId: number;
}

/** Whole messages out of a stream of chunks: each begins with its length in four bytes. */
const framesOf = (onFrame: (bytes: Buffer) => void): ((chunk: Buffer) => void) => {
  let rest: Buffer = Buffer.alloc(0);
  return (chunk) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    while (rest.length >= 4 && rest.length >= 4 + rest.readInt32BE(0)) {
      const end = 4 + rest.readInt32BE(0);
      onFrame(rest.subarray(0, end));
      rest = rest.subarray(end);
    }
  };
};

/**
 * Brokers tell clients where to connect; in those answers the broker's port is replaced by the proxy's, wherever it
 * follows the broker's host name. No listener of its own is needed.
 */
const redirect = (answer: Buffer, host: string, from: number, to: number): void => {
  const name = Buffer.from(host);
  for (let at = answer.indexOf(name); at >= 0; at = answer.indexOf(name, at + 1)) {
    const portAt = at + name.length;
    if (portAt + 4 <= answer.length && answer.readInt32BE(portAt) === from) answer.writeInt32BE(to, portAt);
  }
};

/** Puts an error code into the answer (version 11) to a fetch of one partition. */
const refuse = (answer: Buffer, errorCode: number): void => {
  const topicAt = 22;
  const partitionAt = topicAt + 2 + answer.readInt16BE(topicAt) + 4;
  answer.writeInt16BE(errorCode, partitionAt + 4);
};

const spoil = async (answer: Buffer, fault: Exclude<KafkaFault, string>): Promise<void> => {
  if ('delayMs' in fault) await delayed(fault.delayMs);
  else refuse(answer, fault.refuseWith);
};

class Pair {
  readonly #client: net.Socket;
  readonly #broker: net.Socket;
  readonly #answers = new Map<number, { readonly apiKey: number; readonly fault: KafkaFault | undefined }>();

  constructor(
    client: net.Socket,
    broker: net.Socket,
    proxy: {
      readonly decide: (apiKey: number) => KafkaFault | undefined;
      readonly redirect: (answer: Buffer) => void;
    },
  ) {
    this.#client = client;
    this.#broker = broker;
    client.on(
      'data',
      framesOf((bytes) => this.#request(bytes, proxy.decide)),
    );
    broker.on(
      'data',
      framesOf((bytes) => void this.#answer(bytes, proxy.redirect)),
    );
    for (const socket of [client, broker]) {
      socket.on('error', () => this.cut());
      socket.on('close', () => this.cut());
    }
  }

  pause(): void {
    this.#client.pause();
    this.#broker.pause();
  }

  resume(): void {
    this.#client.resume();
    this.#broker.resume();
  }

  cut(): void {
    this.#client.resetAndDestroy();
    this.#broker.destroy();
  }

  #request(bytes: Buffer, decide: (apiKey: number) => KafkaFault | undefined): void {
    const frame: Frame = { bytes, apiKey: bytes.readInt16BE(4), correlationId: bytes.readInt32BE(8) };
    const fault = decide(frame.apiKey);
    if (fault === 'drop request') return;
    this.#answers.set(frame.correlationId, { apiKey: frame.apiKey, fault });
    this.#broker.write(bytes);
  }

  async #answer(bytes: Buffer, redirectPorts: (answer: Buffer) => void): Promise<void> {
    const correlationId = bytes.readInt32BE(4);
    const asked = this.#answers.get(correlationId);
    this.#answers.delete(correlationId);
    if (asked?.fault === 'swallow response') return;
    if (asked?.fault === 'cut') {
      this.cut();
      return;
    }
    if (asked?.apiKey === kafkaApi.metadata || asked?.apiKey === kafkaApi.findCoordinator)
      redirectPorts(bytes);
    if (typeof asked?.fault === 'object') await spoil(bytes, asked.fault);
    if (!this.#client.destroyed) this.#client.write(bytes);
  }
}

class Proxy implements KafkaProxy {
  readonly #host: string;
  readonly #port: number;
  readonly #server = net.createServer({ pauseOnConnect: true }, (client) => this.#accept(client));
  readonly #pairs = new Set<Pair>();
  #fault: (request: KafkaRequest) => KafkaFault | undefined = () => undefined;
  readonly #seen = new Map<number, number>();
  #isFrozen = false;
  faults = 0;

  constructor(target: string) {
    const colon = target.lastIndexOf(':');
    this.#host = target.slice(0, colon);
    this.#port = Number(target.slice(colon + 1));
  }

  get address(): string {
    return `${this.#host}:${this.#ownPort()}`;
  }

  async listen(port: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, this.#host, resolve);
    });
  }

  failWith(fault: (request: KafkaRequest) => KafkaFault | undefined): void {
    this.#fault = fault;
    this.#seen.clear();
  }

  freeze(): void {
    this.#isFrozen = true;
    for (const pair of this.#pairs) pair.pause();
  }

  thaw(): void {
    this.#isFrozen = false;
    for (const pair of this.#pairs) pair.resume();
  }

  cut(): void {
    for (const pair of this.#pairs) pair.cut();
    this.#pairs.clear();
  }

  async stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.cut();
    await closed;
  }

  #ownPort(): number {
    const address = this.#server.address();
    return typeof address === 'object' && address ? address.port : 0;
  }

  #accept(client: net.Socket): void {
    const pair = new Pair(client, net.connect(this.#port, this.#host), {
      decide: (apiKey) => this.#decide(apiKey),
      redirect: (answer) => redirect(answer, this.#host, this.#port, this.#ownPort()),
    });
    this.#pairs.add(pair);
    client.once('close', () => this.#pairs.delete(pair));
    if (this.#isFrozen) pair.pause();
    else pair.resume();
  }

  #decide(apiKey: number): KafkaFault | undefined {
    const before = this.#seen.get(apiKey) ?? 0;
    this.#seen.set(apiKey, before + 1);
    const fault = this.#fault({ apiKey, before });
    if (fault !== undefined) this.faults += 1;
    return fault;
  }
}

/** A proxy in front of the broker at `target` (`host:port`), listening on the same host; port 0 takes a free one. */
export const startKafkaProxy = async (target: string, port = 0): Promise<KafkaProxy> => {
  const proxy = new Proxy(target);
  await proxy.listen(port);
  return proxy;
};

/** A fault for the n-th request (the first is 0) with this API key, and none for all others. */
export const onNth =
  (apiKey: number, n: number, fault: KafkaFault) =>
  (request: KafkaRequest): KafkaFault | undefined =>
    request.apiKey === apiKey && request.before === n ? fault : undefined;
