import net from 'node:net';
import tls from 'node:tls';
import Broker from 'kafkajs/src/broker';
import ConnectionPool from 'kafkajs/src/network/connectionPool';
import { requests } from 'kafkajs/src/protocol/requests';
import apiKeys from 'kafkajs/src/protocol/requests/apiKeys';
import { type KafkaConnection, kafkajsLogger } from '../connection';
import { applyIdleTimerPatch } from '../idle-timer-patch';
import { InfrastructureError } from '../log';
import type { KafkaApi } from './api';

/** Time for a broker's answer to arrive after the time that the request itself allows it. */
const answerMarginMs = 2_000;
const keepAliveMs = 10_000;

const splitAddress = (address: string): { host: string; port: number } => {
  const colon = address.lastIndexOf(':');
  return { host: address.slice(0, colon).replace(/^\[|\]$/g, ''), port: Number(address.slice(colon + 1)) };
};

interface Target {
  readonly host: string;
  readonly port: number;
  readonly onConnect: () => void;
}

/**
 * The sockets to one broker, through kafkajs' network layer: one for fetches, one for everything else. A link lives
 * exactly as long as all its sockets: when one closes or one answer is late, all are destroyed at once and the next
 * call opens a new link. kafkajs would go on using a half-open socket, and would mix the bytes of the old socket into
 * the new one when the old one wakes up again.
 */
export class BrokerLink {
  readonly address: string;
  readonly #sockets = new Set<net.Socket>();
  readonly #pool: ConnectionPool;
  readonly #broker: Broker;
  readonly #ssl: tls.ConnectionOptions | undefined;
  #endedBy: Error | undefined;

  private constructor(connection: KafkaConnection, address: string) {
    applyIdleTimerPatch();
    this.address = address;
    this.#ssl = connection.ssl;
    const logger = kafkajsLogger(connection.logger, () => this.alive);
    this.#pool = new ConnectionPool({
      ...splitAddress(address),
      clientId: connection.clientId,
      connectionTimeout: connection.connectTimeoutMs,
      requestTimeout: connection.requestTimeoutMs,
      enforceRequestTimeout: true,
      ssl: connection.ssl,
      sasl: connection.sasl,
      socketFactory: (target) => this.#openSocket(target),
      logger,
    });
    this.#broker = new Broker({
      connectionPool: this.#pool,
      logger,
      authenticationTimeout: connection.connectTimeoutMs,
      allowAutoTopicCreation: false,
    });
  }

  /** Connects, asks for the API versions and authenticates; each step has its own time-out. */
  static async open(connection: KafkaConnection, address: string): Promise<BrokerLink> {
    const link = new BrokerLink(connection, address);
    await link.#guard(`connect to ${address}`, link.#broker.connect());
    return link;
  }

  get alive(): boolean {
    return this.#endedBy === undefined;
  }

  /** One request that kafkajs encodes. Throws InfrastructureError; errors of the API are in the answer. */
  async ask<Name extends keyof KafkaApi>(
    name: Name,
    args: KafkaApi[Name]['args'],
    answerWithinMs?: number,
  ): Promise<KafkaApi[Name]['answer']> {
    const definition = requests[name];
    const apiKey = apiKeys[name];
    if (definition === undefined || apiKey === undefined) throw new Error(`kafkajs has no ${name} request`);
    const protocol = this.#broker.lookupRequest(apiKey, definition)(args);
    const answer = this.send({
      request: protocol.request,
      response: { decode: protocol.response.decode, parse: async (decoded: unknown) => decoded },
      requestTimeout:
        answerWithinMs === undefined ? protocol.requestTimeout : answerWithinMs + answerMarginMs,
      logResponseError: false,
    });
    return (await answer) as KafkaApi[Name]['answer'];
  }

  /** One request with an encoding of our own. */
  async send(protocol: ConnectionPool.Protocol): Promise<unknown> {
    const { apiKey, apiName, apiVersion } = protocol.request;
    const range = this.#broker.versions[apiKey];
    if (range === undefined || apiVersion < range.minVersion || apiVersion > range.maxVersion) {
      throw new Error(`the broker ${this.address} does not speak ${apiName} version ${apiVersion}`);
    }
    return this.#guard(`${apiName} at ${this.address}`, this.#pool.send(protocol));
  }

  /** Cuts all sockets at once; calls in flight reject. Safe to call again. */
  destroy(reason: Error): void {
    if (this.#endedBy) return;
    this.#endedBy = reason;
    for (const socket of this.#sockets) socket.destroy(reason);
    this.#sockets.clear();
  }

  async #guard<T>(what: string, work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      const cause = error instanceof Error ? error : new Error(String(error));
      this.destroy(cause);
      throw new InfrastructureError(`${what}: ${cause.message}`, { cause });
    }
  }

  #openSocket({ host, port, onConnect }: Target): net.Socket {
    if (this.#endedBy) throw this.#endedBy;
    const servername = net.isIP(host) === 0 ? { servername: host } : {};
    const socket =
      this.#ssl === undefined
        ? net.connect({ host, port }, onConnect)
        : tls.connect({ host, port, ...servername, ...this.#ssl }, onConnect);
    socket.setKeepAlive(true, keepAliveMs);
    socket.setNoDelay(true);
    this.#sockets.add(socket);
    socket.once('close', () => this.destroy(new Error(`connection to ${this.address} closed`)));
    return socket;
  }
}
