import { createCheckAnswer } from './openapi-check';

const document = {
  openapi: '3.1.0',
  paths: {
    '/orders/{id}': {
      get: {
        responses: {
          '200': {
            headers: { 'X-Id': { $ref: '#/components/headers/Id' } },
            content: { 'application/json': { schema: { $ref: '#/components/schemas/Order' } } },
          },
          '409': {
            headers: { 'Retry-After': { 'x-required-with-error': 'IN_FLIGHT', schema: { type: 'string' } } },
            content: { 'application/json': { schema: {} } },
          },
        },
      },
    },
  },
  components: {
    headers: { Id: { required: true, schema: { type: 'string', pattern: '^[0-9]+$' } } },
    schemas: { Order: { type: 'object', required: ['status'], properties: { status: { type: 'string' } } } },
  },
};
const good = {
  status: 200,
  headers: { 'content-type': 'application/json; charset=utf-8', 'x-id': '7' },
  text: '{"status":"PENDING"}',
};

describe('an answer', () => {
  const check = createCheckAnswer(document);
  const problems = (more: Partial<typeof good> = {}): readonly string[] => {
    const answer = { ...good, ...more };
    return check('GET', '/orders/1', { ...answer, headers: new Headers(answer.headers) });
  };

  it('that the document allows is right', () => {
    expect(problems()).toEqual([]);
  });

  it.each([
    ['a status that is not declared', { status: 500 }],
    ['another media type', { headers: { ...good.headers, 'content-type': 'text/html' } }],
    ['a body that is not what its schema says', { text: '{"status":1}' }],
    ['a body that is not JSON', { text: 'no' }],
    ['a header that is not what its schema says', { headers: { ...good.headers, 'x-id': 'x' } }],
    ['a required header missing', { headers: { 'content-type': 'application/json' } as typeof good.headers }],
  ])('with %s is wrong', (_, more) => {
    expect(problems(more)).toHaveLength(1);
  });

  it('needs the header that belongs to its error, and no other error does', () => {
    const refused = (error: string): readonly string[] =>
      problems({ status: 409, text: JSON.stringify({ error }) });
    expect(refused('IN_FLIGHT')).toEqual([expect.stringContaining('Retry-After is missing')]);
    expect(refused('DUPLICATE')).toEqual([]);
  });
});
