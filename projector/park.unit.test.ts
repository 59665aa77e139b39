import type { NewRecord, SendOutcome } from '../chassis/kafka/log';
import { createParking } from './park';
import type { Undecodable } from './read-records';
import { viewTopics } from './view-topics';

const acked: SendOutcome = { kind: 'acked', partition: 0, offset: 0, appendedAtMs: 0 };
const lost: SendOutcome = { kind: 'unknown', error: new Error('no answer') };

const poison = (offset: number, topic = 'order-outcomes'): Undecodable => ({
  record: { topic, partition: 0, offset, key: null, value: null, headers: {}, appendedAtMs: 1 },
  reason: 'INVALID_FIELD',
  detail: 'why',
});

const world = (...answers: readonly (readonly SendOutcome[])[]) => {
  const parked: NewRecord[][] = [];
  const counted: number[] = [];
  const sendAll = async (letters: readonly NewRecord[]): Promise<readonly SendOutcome[]> => {
    parked.push([...letters]);
    return answers[parked.length - 1] ?? letters.map(() => acked);
  };
  const report = createParking({ sendAll }, ({ record }) => counted.push(record.offset));
  return { parked, counted, report };
};

describe('parking', () => {
  it('parks and counts a record once, however often its batch is read again', async () => {
    const { parked, counted, report } = world();
    for (let read = 0; read < 5; read += 1) await report([poison(1), poison(2)]);
    await report([poison(2), poison(3)]);
    expect(parked.map((letters) => letters.length)).toEqual([2, 1]);
    expect(counted).toEqual([1, 2, 3]);
  });

  it('parks again only what was not acknowledged', async () => {
    const { parked, counted, report } = world([acked, lost]);
    await expect(report([poison(1), poison(2)])).rejects.toThrow('was not acknowledged');
    await report([poison(1), poison(2)]);
    expect(parked.map((letters) => letters.length)).toEqual([2, 1]);
    expect(counted).toEqual([1, 2]);
  });

  // What order-dlq holds is raw bytes: nothing in there is undecodable.
  it.each([
    ['order-requests', 'saga'],
    ['order-outcomes', 'projector'],
    ['stock-adjustments', 'saga'],
    ['dead-letter-commands', 'projector'],
  ])('counts what %s has once, and leaves it to the one who parks it: the %s', async (topic, parks) => {
    const { parked, counted, report } = world();
    await report([poison(1, topic)]);
    await report([poison(1, topic)]);
    expect(parked.flat()).toHaveLength(parks === 'projector' ? 1 : 0);
    expect(counted).toEqual([1]);
  });

  it('is settled for every topic that a view is made of', () => {
    const settled = ['order-requests', 'order-outcomes', 'stock-adjustments', 'dead-letter-commands'];
    expect(Object.values(viewTopics).flat().toSorted()).toEqual([...settled, 'order-dlq'].toSorted());
  });
});
