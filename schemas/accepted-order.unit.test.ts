import fc from 'fast-check';
import { acceptedRecord, orderPayload, readAcceptedOrder, readAnswer } from './accepted-order';

const name = fc.stringMatching(/^[A-Za-z0-9_-]{1,4}$/);
const order = fc.record({
  user_id: name,
  item_id: name,
  amount: fc.integer({ min: 1, max: 1000 }),
  sales_channel: fc.constantFrom('WEB' as const, 'OTHER' as const, null),
});
const answer = {
  correlation_id: 'web:7/a+b=@.c',
  position: { topic: 'order-requests', partition: 3, offset: 123_456_789 },
  requested_at: 1_795_800_887_275,
};

describe('the payload of an order', () => {
  it('is the same text if and only if the same is asked for', () => {
    fc.assert(
      fc.property(order, order, (one, other) => {
        expect(orderPayload(one) === orderPayload(other)).toBe(JSON.stringify(one) === JSON.stringify(other));
      }),
    );
  });
});

describe('the record of an accepted order', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(order, fc.string(), (given, key) => {
        const { user_id, item_id, amount } = given;
        const record = acceptedRecord(orderPayload(given), answer);
        expect(readAcceptedOrder(key, record)).toEqual({
          request_id: key,
          user_id,
          item_id,
          amount,
          ...answer,
        });
      }),
    );
  });

  it('takes half of the bytes that it took as JSON', () => {
    const given = { user_id: 'a-buyer', item_id: 'an-item', amount: 1, sales_channel: null };
    const payload = orderPayload(given);
    const json = `${payload}\n${JSON.stringify({ request_id: 'some-request', ...given, ...answer })}`;
    expect(acceptedRecord(payload, answer).length).toBeLessThan(json.length / 2);
  });

  it('of a release that wrote JSON is read as well', () => {
    const record = `ann:shoe:2:\n${JSON.stringify({ request_id: 'r', user_id: 'ann', item_id: 'shoe', amount: 2, ...answer })}`;
    expect(readAcceptedOrder('r', record)).toEqual({
      request_id: 'r',
      user_id: 'ann',
      item_id: 'shoe',
      amount: 2,
      ...answer,
    });
  });

  it.each(['ann:shoe:2:\n#c-1', 'ann:shoe:2:', 'ann:shoe:2:\n{"correlation_id":"c"}', 'ann:shoe:2:\n{', ''])(
    'is none in %j',
    (record) => expect(readAcceptedOrder('r', record)).toBeUndefined(),
  );
});

it('the answer to an operator has no instant', () => {
  const { correlation_id, position } = answer;
  const [, text = ''] = acceptedRecord('p', { correlation_id, position }).split('\n');
  expect(readAnswer(text)).toEqual({ correlation_id, position });
});
