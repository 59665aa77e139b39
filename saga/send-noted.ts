import { InfrastructureError, type LogProducer, type NewRecord } from '../chassis/kafka/log';
import type { Observe } from './observe';

/** Why a call of a handler left something undone: the last thing that did not work, for the line that is logged then. */
export class Trouble {
  last: InfrastructureError | undefined;

  note(message: string, cause?: Error): void {
    this.last = new InfrastructureError(message, { cause });
  }
}

export interface SendParts {
  readonly producer: LogProducer;
  readonly observe: Observe;
  readonly trouble: Trouble;
}

/** Whether each record is acknowledged; one that is not is counted, and noted with the reason. */
export const sendNoted = async (
  { producer, observe, trouble }: SendParts,
  records: readonly NewRecord[],
): Promise<readonly boolean[]> => {
  const outcomes = await producer.sendAll(records);
  return records.map(({ topic }, index) => {
    const outcome = outcomes[index];
    if (outcome === undefined || outcome.kind === 'acked') return outcome?.kind === 'acked';
    const { kind, error } = outcome;
    observe.unwritten(topic, kind);
    trouble.note(`${topic} did not take a record (${kind}): ${error.message}`, error);
    return false;
  });
};
