import { Kafka, logLevel } from 'kafkajs';
import * as producers from '../../../chassis/kafka/producer';
import type { NewRecord, SendOutcome } from '../../../chassis/kafka/log';
import { runCommandApi } from '../processes/run-service';
import { replaceExport } from './replace';

/** kafkajs as its documentation suggests, one send for each order, and several at a time. */
replaceExport(producers, 'createLogProducer', () => async ({ brokers, clientId }) => {
  const kafka = new Kafka({
    brokers: [...brokers],
    clientId,
    requestTimeout: 1_000,
    logLevel: logLevel.NOTHING,
  });
  const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 5 });
  await producer.connect();
  const send = async ({ topic, key, value, headers }: NewRecord): Promise<SendOutcome> => {
    try {
      const messages = [{ key, value, headers: { ...headers } }];
      const [sent] = await producer.send({ topic, acks: -1, messages });
      const { partition = 0, baseOffset = '0' } = sent ?? {};
      return { kind: 'acked', partition, offset: Number(baseOffset), appendedAtMs: Date.now() };
    } catch (error) {
      return { kind: 'unknown', error: error instanceof Error ? error : new Error(String(error)) };
    }
  };
  return {
    send,
    sendAll: (records) => Promise.all(records.map(send)),
    queued: 0,
    stop: () => producer.disconnect(),
  };
});
runCommandApi();
