import { kafkaError, kafkaErrorText } from './wire/api';
import type { PartitionAnswer } from './wire/produce-request';

/** What became of the records that one request carried for one partition. */
export type Verdict =
  | { readonly kind: 'acked'; readonly baseOffset: number; readonly appendedAtMs: number }
  /** The broker refused them for good. */
  | { readonly kind: 'refused'; readonly error: Error }
  /** Together they exceed the topic's limit; each alone may fit. */
  | { readonly kind: 'too-large'; readonly error: Error }
  /** Sent again while their deadline lasts; `maybeWritten` says whether they may be in the log already. */
  | { readonly kind: 'again'; readonly error: Error; readonly maybeWritten: boolean };

const refusals: ReadonlySet<number> = new Set([
  kafkaError.invalidTopic,
  kafkaError.topicAuthorizationFailed,
  kafkaError.clusterAuthorizationFailed,
  kafkaError.invalidTimestamp,
  kafkaError.policyViolation,
  kafkaError.invalidRecord,
]);

/** The leader says that it wrote nothing, and why that may be different next time. */
const notWritten: ReadonlySet<number> = new Set([
  kafkaError.corruptMessage,
  kafkaError.unknownTopicOrPartition,
  kafkaError.leaderNotAvailable,
  kafkaError.notLeaderOrFollower,
  kafkaError.notEnoughReplicas,
]);

const verdictOnError = (code: number): Verdict => {
  const error = new Error(kafkaErrorText(code));
  if (code === kafkaError.messageTooLarge || code === kafkaError.recordListTooLarge) {
    return { kind: 'too-large', error };
  }
  if (refusals.has(code)) return { kind: 'refused', error };
  return { kind: 'again', error, maybeWritten: !notWritten.has(code) };
};

/**
 * The verdict on one partition of a request. Only an entry for exactly this partition with error code 0 and an offset
 * counts as an acknowledgement: kafkajs' own `send` resolves although a partition was never sent, when its leader
 * moved to a broker that had answered already.
 */
export const verdictOn = (
  sent: { readonly topic: string; readonly partition: number },
  answers: readonly PartitionAnswer[],
): Verdict => {
  const answer = answers.find((each) => each.topic === sent.topic && each.partition === sent.partition);
  if (answer === undefined) {
    const error = new Error(`the broker's answer says nothing about ${sent.topic}:${sent.partition}`);
    return { kind: 'again', error, maybeWritten: true };
  }
  if (answer.errorCode !== kafkaError.none) return verdictOnError(answer.errorCode);
  if (!(answer.baseOffset >= 0)) {
    const error = new Error(`the broker acknowledged ${sent.topic}:${sent.partition} without an offset`);
    return { kind: 'again', error, maybeWritten: true };
  }
  return { kind: 'acked', baseOffset: answer.baseOffset, appendedAtMs: answer.appendedAtMs };
};
