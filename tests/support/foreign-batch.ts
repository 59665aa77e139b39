import { ByteWriter } from '../../chassis/kafka/wire/byte-writer';
import { crc32c } from '../../chassis/kafka/wire/crc32c';
import { type RecordContent, writeRecordBatch } from '../../chassis/kafka/wire/record-batch-writer';
import type { BrokerLink } from '../../chassis/kafka/wire/broker-link';

const recordsAt = 61;
const lz4Codec = 3;
/** Magic number, version 1 with independent blocks, 64 KiB blocks, and the checksum of these two bytes. */
const lz4Header = Buffer.from([0x04, 0x22, 0x4d, 0x18, 0x60, 0x40, 0x82]);
const notCompressed = 0x80000000;

/** An LZ4 frame of one block that is stored as it is: valid for every reader, and needs no compressor here. */
const lz4Frame = (bytes: Buffer): Buffer => {
  const size = Buffer.alloc(4);
  size.writeUInt32LE(notCompressed + bytes.length);
  return Buffer.concat([lz4Header, size, bytes, Buffer.alloc(4)]);
};

const lz4Batch = (records: readonly RecordContent[]): Buffer => {
  const out = new ByteWriter(1_024);
  writeRecordBatch(out, records, Date.now());
  const plain = out.written();
  const batch = Buffer.concat([plain.subarray(0, recordsAt), lz4Frame(plain.subarray(recordsAt))]);
  batch.writeInt32BE(batch.length - 12, 8);
  batch.writeInt16BE(lz4Codec, 21);
  batch.writeUInt32BE(crc32c(batch, 21, batch.length), 17);
  return batch;
};

/** Produces records as a client with LZ4 compression would; gives the broker's error code. */
export const produceLz4 = async (
  leader: BrokerLink,
  place: { readonly topic: string; readonly partition: number },
  records: readonly RecordContent[],
): Promise<number> => {
  const batch = lz4Batch(records);
  const out = new ByteWriter(256);
  out.shortString(null);
  out.int16(-1);
  out.int32(5_000);
  out.int32(1);
  out.shortString(place.topic);
  out.int32(1);
  out.int32(place.partition);
  out.int32(batch.length);
  const buf = Buffer.concat([out.written(), batch]);
  const answer = await leader.send({
    request: { apiKey: 0, apiVersion: 7, apiName: 'Produce', encode: async () => ({ buf, buffer: buf }) },
    response: { decode: async (bytes) => bytes, parse: async (bytes: Buffer) => bytes },
  });
  const nameLength = (answer as Buffer).readInt16BE(4);
  return (answer as Buffer).readInt16BE(4 + 2 + nameLength + 8);
};
