import type ConnectionPool from 'kafkajs/src/network/connectionPool';
import { ByteWriter } from './byte-writer';

export interface FetchPlace {
  readonly topic: string;
  readonly partition: number;
  readonly fromOffset: number;
}

/** What a broker holds of one partition from the asked offset on. */
export interface FetchedPartition {
  readonly topic: string;
  readonly partition: number;
  readonly errorCode: number;
  /** Offset that the next record will get. */
  readonly high: number;
  /** Record batches as stored; see `readRecordBatches`. */
  readonly bytes: Buffer;
}

export interface FetchLimits {
  /** How long the broker may wait for a first record. */
  readonly waitMs: number;
  readonly bytesMax: number;
  readonly partitionBytesMax: number;
}

/** A record is visible when all in-sync replicas have it; this project writes no transactions. */
const readUncommitted = 0;
const noSession = -1;
const nothing = Buffer.alloc(0);

const readInt64 = (bytes: Buffer, at: number): number =>
  bytes.readInt32BE(at) * 2 ** 32 + bytes.readUInt32BE(at + 4);

const encode = (places: readonly FetchPlace[], limits: FetchLimits): Buffer => {
  const out = new ByteWriter(256 + places.length * 64);
  out.int32(-1);
  out.int32(limits.waitMs);
  out.int32(1);
  out.int32(limits.bytesMax);
  out.int8(readUncommitted);
  out.int32(0);
  out.int32(noSession);
  out.int32(places.length);
  for (const { topic, partition, fromOffset } of places) {
    out.shortString(topic);
    out.int32(1);
    out.int32(partition);
    out.int32(-1);
    out.int64(fromOffset);
    out.int64(-1);
    out.int32(limits.partitionBytesMax);
  }
  out.int32(0);
  out.shortString('');
  return out.written();
};

export interface FetchAnswer {
  readonly clientSideThrottleTime: number;
  readonly errorCode: number;
  readonly partitions: readonly FetchedPartition[];
}

/** Fetch response, version 11. */
const decode = (bytes: Buffer): FetchAnswer => {
  const partitions: FetchedPartition[] = [];
  let at = 14;
  for (let topics = bytes.readInt32BE(10); topics > 0; topics -= 1) {
    const nameEnd = at + 2 + bytes.readInt16BE(at);
    const topic = bytes.toString('utf8', at + 2, nameEnd);
    at = nameEnd + 4;
    for (let left = bytes.readInt32BE(nameEnd); left > 0; left -= 1) {
      const abortedCount = Math.max(0, bytes.readInt32BE(at + 30));
      const recordsAt = at + 34 + abortedCount * 16 + 4;
      const size = Math.max(0, bytes.readInt32BE(recordsAt));
      partitions.push({
        topic,
        partition: bytes.readInt32BE(at),
        errorCode: bytes.readInt16BE(at + 4),
        high: readInt64(bytes, at + 6),
        bytes: size === 0 ? nothing : bytes.subarray(recordsAt + 4, recordsAt + 4 + size),
      });
      at = recordsAt + 4 + size;
    }
  }
  return { clientSideThrottleTime: bytes.readInt32BE(0), errorCode: bytes.readInt16BE(4), partitions };
};

/** One fetch request to the leader of all `places`; the broker answers when there is a record or `waitMs` is over. */
export const fetchRequest = (
  places: readonly FetchPlace[],
  limits: FetchLimits,
  requestTimeoutMs: number,
): ConnectionPool.Protocol => ({
  request: {
    apiKey: 1,
    apiVersion: 11,
    apiName: 'Fetch',
    encode: async () => {
      const buf = encode(places, limits);
      return { buf, buffer: buf };
    },
  },
  response: {
    decode: async (bytes) => decode(bytes),
    parse: async (decoded: FetchAnswer) => decoded,
  },
  requestTimeout: requestTimeoutMs,
  logResponseError: false,
});
