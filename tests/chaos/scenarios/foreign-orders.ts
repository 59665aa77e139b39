import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Type, type Schema } from 'avsc';
import { kafkaConnection } from '../../../chassis/kafka/connection';
import type { LogRecord, NewRecord } from '../../../chassis/kafka/log';
import { createLogProducer } from '../../../chassis/kafka/producer';
import { createLogReader } from '../../../chassis/kafka/reader';
import { subjectOf } from '../../../schemas/known-ids';
import { createRegistryClient } from '../../../schemas/registry-client';
import { topics } from '../../../schemas/topics';
import { projectRoot } from '../../../stack/project-root';
import type { Stage } from '../scenario';

/** Records that come into the log past the services. */

const connectionOf = ({ system }: Stage) =>
  kafkaConnection({ brokers: [system.direct.KAFKA_BROKERS], clientId: 'nemesis' });

/** Puts records into the log as somebody else's client would, and gives back where they are. */
export const produce = async (
  stage: Stage,
  records: readonly NewRecord[],
): Promise<readonly { readonly partition: number; readonly offset: number }[]> => {
  const producer = await createLogProducer(connectionOf(stage));
  try {
    return (await producer.sendAll(records)).map((outcome) => {
      if (outcome.kind !== 'acked')
        throw new Error('an injected record was not taken', { cause: outcome.error });
      return outcome;
    });
  } finally {
    await producer.stop(3_000);
  }
};

/** As `produce`, and tells the judge that no service is to blame for these records. */
export const inject = async (stage: Stage, records: readonly NewRecord[]): Promise<void> => {
  const places = await produce(stage, records);
  places.forEach(({ partition, offset }, index) => {
    const { key, topic } = records[index]!;
    stage.history.inject(key?.toString() ?? '', { topic, partition, offset });
  });
};

/** Every order that is in the log now. */
export const requestsSoFar = async (stage: Stage): Promise<readonly LogRecord[]> => {
  const found: LogRecord[] = [];
  await createLogReader(connectionOf(stage)).read({
    topic: topics.orderRequests.name,
    onRecords: (records) => void found.push(...records),
  });
  return found;
};

interface Requested {
  readonly request_id: string;
  readonly user_id: string;
  readonly item_id: string;
  readonly amount: number;
  readonly requested_at: number;
}

export const orderRequested = (request_id: string, item_id: string): Requested => ({
  request_id,
  user_id: 'newer',
  item_id,
  amount: 1,
  requested_at: Date.now(),
});

/** Today's schema with another doc: another id, and the same bytes. */
const variant = (): Schema => {
  const file = join(projectRoot(), 'schemas', 'OrderRequested', 'v2.avsc');
  return { ...(JSON.parse(readFileSync(file, 'utf8')) as object), doc: 'of a newer writer' } as Schema;
};

const registryTimeoutMs = 5_000;

/** Registers a schema that no running service has met. @throws Error when the registry refuses it. */
export const registerVariant = async (registryUrl: string): Promise<number> => {
  const subject = subjectOf(topics.orderRequests.name, 'OrderRequested');
  const registered = await createRegistryClient(registryUrl, registryTimeoutMs).register(
    subject,
    JSON.stringify(variant()),
  );
  if (registered.kind === 'refused') throw new Error(registered.reason);
  return registered.id;
};

/** Confluent framing. */
export const framed = (schemaId: number, body: Buffer): Buffer => {
  const head = Buffer.alloc(5);
  head.writeInt32BE(schemaId, 1);
  return Buffer.concat([head, body]);
};

export const encodeUnder = (schemaId: number, order: Requested): NewRecord => ({
  topic: topics.orderRequests.name,
  key: order.request_id,
  value: framed(schemaId, Type.forSchema(variant()).toBuffer({ ...order, sales_channel: null })),
});
