import { fetchRecords, LogGapError } from './fetch-records';
import { kafkaConnection } from './connection';
import { InfrastructureError } from './log';
import { kafkaError } from './wire/api';
import type { FetchAnswer } from './wire/fetch-request';
import { ByteWriter } from './wire/byte-writer';
import type { Cluster } from './wire/cluster';
import { writeRecordBatch } from './wire/record-batch-writer';

const place = { topic: 't', partition: 0, fromOffset: 3 };
const wanted = { waitMs: 0, bytesMax: 1_000, partitionBytesMax: 1_000 };

const batchAt = (offset: number): Buffer => {
  const out = new ByteWriter(0);
  writeRecordBatch(out, [{ key: 'k', value: Buffer.from(`${offset}`) }], 1_760_000_000_000);
  const batch = Buffer.from(out.written());
  batch.writeBigInt64BE(BigInt(offset), 0);
  return batch;
};

/** A broker that holds a record at each of the offsets. */
const holding = (offsets: readonly number[], errorCode = 0) => {
  const partition = { ...place, errorCode: 0, high: 9, bytes: Buffer.concat(offsets.map(batchAt)) };
  const answer: FetchAnswer = { clientSideThrottleTime: 0, errorCode, partitions: [partition] };
  const cluster: Pick<Cluster, 'node' | 'connection'> = {
    connection: kafkaConnection({ brokers: ['127.0.0.1:9'], clientId: 'test' }),
    node: async () => ({ send: async () => answer }) as never,
  };
  return cluster as Cluster;
};

const fetch = (...offsets: readonly number[]) => fetchRecords(holding(offsets), 1, [place], wanted);

it('gives out records whose offsets follow the asked one without a gap', async () => {
  const [fetched] = await fetch(3, 4, 5);
  expect(fetched).toMatchObject({ kind: 'records', records: [{ offset: 3 }, { offset: 4 }, { offset: 5 }] });
});

it.each([
  ['before the first record', [4, 5], 3],
  ['between two records', [3, 5], 4],
])('refuses a gap %s', async (_where, offsets, missing) => {
  await expect(fetch(...offsets)).rejects.toThrow(
    new LogGapError(`t:0 has no record with offset ${missing}`),
  );
});

it('takes nothing from an answer that is an error as a whole', async () => {
  const fetched = fetchRecords(holding([3], kafkaError.clusterAuthorizationFailed), 1, [place], wanted);
  await expect(fetched).rejects.toThrow(InfrastructureError);
});
