import net from 'node:net';

/** What a link does to bytes; all of it can change at any time. */
export interface LinkBehaviour {
  /** Added to every chunk, in each direction. */
  readonly delayMs: number;
  /** Largest piece handed on at once; 0 hands on what came. */
  readonly sliceBytes: number;
  /** 0: as fast as it goes. */
  readonly bytesPerSecond: number;
  /** Probability, for each chunk, that its connection is reset instead. */
  readonly resetChance: number;
  /** Nothing passes in either direction and nobody is told: no FIN, no RST, and new connections stay silent. */
  readonly isSilent: boolean;
}

export const healthyLink: LinkBehaviour = {
  delayMs: 0,
  sliceBytes: 0,
  bytesPerSecond: 0,
  resetChance: 0,
  isSilent: false,
};

/** A TCP link between a service and a server, for a test to break. */
export interface TcpProxy {
  readonly port: number;
  /** How many replies were withheld by `cutAtReply`. */
  readonly faults: number;
  behave(behaviour: Partial<LinkBehaviour>): void;
  heal(): void;
  /** Resets every connection. */
  cut(): void;
  /**
   * Delivers the next chunk that holds `text`, in any case, after `skip` others, and resets its connection when the reply comes: the
   * server has done it and nobody knows. Chunks are counted and not commands: those that were sent together count once,
   * and all of their replies are lost.
   */
  cutAtReply(text: string, skip: number): void;
  stop(): Promise<void>;
}

interface Trap {
  readonly text: string;
  skip: number;
}

/** Half of a connection: takes chunks in, gives them out later, in their order. */
class Lane {
  readonly #to: net.Socket;
  readonly #behaviour: () => LinkBehaviour;
  readonly #queue: Buffer[] = [];
  #isBusy = false;
  #isOver = false;

  constructor(to: net.Socket, behaviour: () => LinkBehaviour) {
    this.#to = to;
    this.#behaviour = behaviour;
  }

  push(chunk: Buffer): void {
    const { delayMs, sliceBytes, bytesPerSecond, isSilent } = this.#behaviour();
    const isPlain = delayMs === 0 && sliceBytes === 0 && bytesPerSecond === 0 && !isSilent;
    if (isPlain && !this.#isBusy) {
      if (!this.#to.destroyed) this.#to.write(chunk);
      return;
    }
    this.#queue.push(chunk);
    if (!this.#isBusy) void this.#drain();
  }

  /** After silence. */
  wake(): void {
    if (!this.#isBusy && this.#queue.length > 0) void this.#drain();
  }

  end(): void {
    this.#isOver = true;
  }

  async #drain(): Promise<void> {
    this.#isBusy = true;
    for (;;) {
      const chunk = this.#queue[0];
      if (!chunk || this.#isOver || this.#behaviour().isSilent) break;
      this.#queue.shift();
      const { delayMs, sliceBytes, bytesPerSecond } = this.#behaviour();
      if (delayMs > 0) await later(delayMs);
      const size = sliceBytes > 0 ? sliceBytes : chunk.length;
      for (let at = 0; at < chunk.length; at += size) {
        const piece = chunk.subarray(at, at + size);
        if (this.#to.destroyed) break;
        this.#to.write(piece);
        if (sliceBytes > 0) await new Promise((resolve) => setImmediate(resolve));
      }
      if (bytesPerSecond > 0) await later((chunk.length / bytesPerSecond) * 1000);
    }
    this.#isBusy = false;
  }
}

const later = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

class Proxy implements TcpProxy {
  readonly #target: { readonly host: string; readonly port: number };
  readonly #random: () => number;
  readonly #server = net.createServer((client) => this.#accept(client));
  readonly #cuts = new Set<() => void>();
  readonly #lanes = new Set<Lane>();
  #behaviour = healthyLink;
  #trap: Trap | undefined;
  faults = 0;

  constructor(target: { readonly host: string; readonly port: number }, random: () => number) {
    this.#target = target;
    this.#random = random;
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === 'object' && address ? address.port : 0;
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(0, '127.0.0.1', resolve);
    });
  }

  behave(behaviour: Partial<LinkBehaviour>): void {
    this.#behaviour = { ...this.#behaviour, ...behaviour };
  }

  heal(): void {
    this.#behaviour = healthyLink;
    this.#trap = undefined;
    for (const lane of this.#lanes) lane.wake();
  }

  cut(): void {
    for (const cut of [...this.#cuts]) cut();
  }

  cutAtReply(text: string, skip: number): void {
    this.#trap = { text: text.toLowerCase(), skip };
  }

  async stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.cut();
    await closed;
  }

  #springs(chunk: Buffer): boolean {
    if (!this.#trap || !chunk.toString('latin1').toLowerCase().includes(this.#trap.text)) return false;
    this.#trap.skip -= 1;
    if (this.#trap.skip >= 0) return false;
    this.#trap = undefined;
    this.faults += 1;
    return true;
  }

  #accept(client: net.Socket): void {
    const server = net.connect(this.#target.port, this.#target.host);
    const behaviour = (): LinkBehaviour => this.#behaviour;
    const toServer = new Lane(server, behaviour);
    const toClient = new Lane(client, behaviour);
    let cutsAtReply = false;
    const cut = (): void => {
      toServer.end();
      toClient.end();
      client.resetAndDestroy();
      server.destroy();
    };
    this.#cuts.add(cut);
    for (const lane of [toServer, toClient]) this.#lanes.add(lane);
    const isReset = (): boolean => this.#behaviour.resetChance > this.#random();

    client.on('data', (chunk) => {
      if (isReset()) cut();
      else {
        cutsAtReply ||= this.#springs(chunk);
        toServer.push(chunk);
      }
    });
    server.on('data', (chunk) => {
      if (cutsAtReply || isReset()) cut();
      else toClient.push(chunk);
    });
    for (const socket of [client, server]) {
      socket.on('error', cut);
      socket.on('close', () => {
        // A silent link tells nobody that the other side has gone.
        if (!this.#behaviour.isSilent || socket === client) cut();
        this.#cuts.delete(cut);
        for (const lane of [toServer, toClient]) this.#lanes.delete(lane);
      });
    }
  }
}

/** A proxy on a free port of the loopback, in front of `target` (`host:port`). */
export const startTcpProxy = async (target: string, random: () => number): Promise<TcpProxy> => {
  const colon = target.lastIndexOf(':');
  const proxy = new Proxy({ host: target.slice(0, colon), port: Number(target.slice(colon + 1)) }, random);
  await proxy.listen();
  return proxy;
};
