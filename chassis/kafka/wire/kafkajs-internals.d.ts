/**
 * The parts of kafkajs 2.2.4 that this folder stands on: sockets with TLS and SASL, request framing, version
 * negotiation and the request encodings. They carry no types of their own. `requireKafkajsVersion` refuses any
 * other version, so these declarations cannot drift unseen.
 */

declare module 'kafkajs/package.json' {
  const manifest: { readonly version: string };
  export = manifest;
}

declare module 'kafkajs/src/network/requestQueue' {
  class RequestQueue {
    pending: readonly unknown[];
    throttledUntil: number;
    scheduleCheckPendingRequests(): void;
  }
  export = RequestQueue;
}

declare module 'kafkajs/src/loggers' {
  export interface KafkajsLogEntry {
    readonly namespace: string;
    readonly level: number;
    readonly label: string;
    readonly log: { readonly message: string; readonly [field: string]: unknown };
  }
  export const LEVELS: Readonly<Record<'NOTHING' | 'ERROR' | 'WARN' | 'INFO' | 'DEBUG', number>>;
  export const createLogger: (options: {
    level: number;
    logCreator: () => (entry: KafkajsLogEntry) => void;
  }) => object;
}

declare module 'kafkajs/src/network/connectionPool' {
  import type { Socket } from 'node:net';
  import type { ConnectionOptions } from 'node:tls';

  namespace ConnectionPool {
    interface Protocol {
      readonly request: {
        readonly apiKey: number;
        readonly apiVersion: number;
        readonly apiName: string;
        readonly encode: () => Promise<object>;
        readonly expectResponse?: () => boolean;
      };
      readonly response: {
        readonly decode: (data: Buffer) => Promise<object>;
        readonly parse: (decoded: never) => Promise<unknown>;
      };
      readonly requestTimeout?: number | null;
      readonly logResponseError?: boolean;
    }
  }
  class ConnectionPool {
    constructor(options: {
      host: string;
      port: number;
      clientId: string;
      connectionTimeout: number;
      requestTimeout: number;
      enforceRequestTimeout: boolean;
      ssl: ConnectionOptions | boolean | undefined;
      sasl: { mechanism: string; username: string; password: string } | undefined;
      socketFactory: (options: {
        host: string;
        port: number;
        ssl: ConnectionOptions | boolean | undefined;
        onConnect: () => void;
      }) => Socket;
      logger: object;
    });
    send(protocol: ConnectionPool.Protocol): Promise<unknown>;
  }
  export = ConnectionPool;
}

declare module 'kafkajs/src/protocol/requests' {
  import type ConnectionPool from 'kafkajs/src/network/connectionPool';

  export interface RequestDefinition {
    readonly versions: readonly string[];
    readonly protocol: (choice: { version: number }) => (args: object) => ConnectionPool.Protocol;
  }
  export const requests: Readonly<Record<string, RequestDefinition | undefined>>;
}

declare module 'kafkajs/src/protocol/requests/apiKeys' {
  const apiKeys: Readonly<Record<string, number | undefined>>;
  export = apiKeys;
}

declare module 'kafkajs/src/broker' {
  import type ConnectionPool from 'kafkajs/src/network/connectionPool';
  import type { RequestDefinition } from 'kafkajs/src/protocol/requests';

  class Broker {
    constructor(options: {
      connectionPool: ConnectionPool;
      logger: object;
      authenticationTimeout: number;
      allowAutoTopicCreation: boolean;
    });
    readonly versions: Readonly<Record<number, { minVersion: number; maxVersion: number } | undefined>>;
    readonly lookupRequest: (
      apiKey: number,
      definition: RequestDefinition,
    ) => (args: object) => ConnectionPool.Protocol;
    connect(): Promise<void>;
  }
  export = Broker;
}

declare module 'kafkajs/src/protocol/error' {
  export const errorCodes: readonly {
    readonly type: string;
    readonly code: number;
    readonly message: string;
  }[];
}

declare module 'kafkajs/src/consumer/assignerProtocol' {
  export const MemberMetadata: {
    encode(metadata: { version: number; topics: readonly string[]; userData?: Buffer }): Buffer;
    decode(buffer: Buffer): { version: number; topics: string[] };
  };
  export const MemberAssignment: {
    encode(assignment: { version: number; assignment: Record<string, number[]> }): Buffer;
    decode(buffer: Buffer): { assignment: Record<string, number[]> } | null;
  };
}

/** Only for the test that shows what kafkajs' own producer calls a success. */
declare module 'kafkajs/src/producer/sendMessages' {
  const createSendMessages: (
    parts: object,
  ) => (request: object) => Promise<{ topicName: string; partition: number; baseOffset: string }[]>;
  export = createSendMessages;
}

declare module 'kafkajs/src/retry' {
  const createRetry: (options: { retries: number; initialRetryTime: number }) => object;
  export = createRetry;
}
