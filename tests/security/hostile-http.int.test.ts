import { randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { createLogReader } from '../../chassis/kafka/reader';
import { kafkaConnection } from '../../chassis/kafka/connection';
import { openApiDocument } from '../../command-api/openapi-document';
import { bodyBytesMax } from '../../command-api/request-body';
import { topics } from '../../schemas/topics';
import { startTestCommandApi, type TestCommandApi } from '../support/command-api';
import { createCheckAnswer, type Answer } from '../support/openapi-check';
import { rawPost, sendRaw, type RawAnswer } from './raw-http';

const servers = process.env as Readonly<Record<'KAFKA_BROKERS', string>>;
let api: TestCommandApi;

beforeAll(async () => {
  api = await startTestCommandApi();
});
afterAll(() => api.running.stop());

const order = (requestId = `hostile-${randomUUID()}`) => ({
  request_id: requestId,
  user_id: 'u1',
  item_id: 'shoe',
  amount: 1,
});
const text = (requestId?: string): string => JSON.stringify(order(requestId));
const length = (body: string): string => `Content-Length: ${Buffer.byteLength(body)}`;

const check = createCheckAnswer(openApiDocument('none'));
/** On any path, below the routes. */
const ofTheServer = new Set([408, 417, 431]);

/** What only the server answers, on any path, is a problem like every other 400. */
const faultsOf = (method: string, path: string, answer: Answer): readonly string[] => {
  if (!ofTheServer.has(answer.status)) return check(method, path, answer);
  const text = answer.text.replace(/"error":"\w+"/, '"error":"BAD_REQUEST"');
  return check(method, path, { ...answer, status: 400, text });
};

/** As `sendRaw`, and every first answer is one that the document allows, whatever was sent. */
const send = async (
  pieces: readonly (string | Buffer)[],
  options?: Parameters<typeof sendRaw>[2],
): Promise<RawAnswer> => {
  const answer = await sendRaw(api.url, pieces, options);
  const [, method = '', path = ''] = /^([A-Z]+) (\S+)/.exec(String(pieces[0])) ?? [];
  const [first] = answer.answers;
  if (first) expect(faultsOf(method, path, first)).toEqual([]);
  return answer;
};

/** How often a request id is in the log. */
const timesInLog = async (requestId: string): Promise<number> => {
  let found = 0;
  const connection = kafkaConnection({
    brokers: servers.KAFKA_BROKERS.split(','),
    clientId: 'hostile-http-test',
  });
  await createLogReader(connection).read({
    topic: topics.orderRequests.name,
    onRecords: (records) => {
      found += records.filter(({ key }) => key?.toString() === requestId).length;
    },
  });
  return found;
};

describe('two readings of one request', () => {
  const smuggled = `smuggled-${randomUUID()}`;
  const inner = rawPost([length(text(smuggled))], text(smuggled));

  it.each([
    ['two different lengths', ['Content-Length: 0', 'Content-Length: 5']],
    ['a length and chunks', ['Content-Length: 4', 'Transfer-Encoding: chunked']],
    ['chunks under a wrong name', ['Transfer-Encoding: xchunked']],
    ['chunks and something else', ['Transfer-Encoding: chunked, identity']],
    ['a length with a sign', ['Content-Length: +5']],
    ['a length of two numbers', ['Content-Length: 5, 6']],
    ['a length that is negative', ['Content-Length: -1']],
    ['a folded header', ['X-A: b', ' Content-Length: 5']],
    ['a space before the colon', ['Content-Length : 5']],
    ['a null byte in a header', ['X-A: b\0c']],
    ['a bare carriage return in a header', ['X-A: b\rContent-Length: 5']],
  ])('are not possible: %s', async (_, headers) => {
    const answer = await send([rawPost(headers, `0\r\n\r\n${inner}`)]);
    expect(answer.statuses).toEqual([400]);
    expect(answer.isClosed).toBe(true);
  });

  it('are not possible: none of them put an order into the log', async () => {
    expect(await timesInLog(smuggled)).toBe(0);
  });

  it('are not possible: what follows a complete request is a request of its own', async () => {
    const body = text();
    const answer = await send([rawPost([length(body)], body) + 'GET /livez HTTP/1.1\r\nHost: x\r\n\r\n']);
    expect(answer.statuses).toEqual([202, 200]);
  });
});

describe('a header that would write into the answer', () => {
  it.each([
    ['X-Correlation-ID: a%0d%0aSet-Cookie: x=1'],
    ['X-Correlation-ID: <script>alert(1)</script>'],
    [`X-Correlation-ID: ${'a'.repeat(5_000)}`],
    ['X-Correlation-ID: \u00e9\u00ff'],
    ['Idempotency-Key: a"\\b'],
    ['traceparent: 00-zz-zz-zz'],
  ])('is not echoed: %.60s', async (header) => {
    const body = text();
    const answer = await send([rawPost([header, length(body), 'Connection: close'], body)]);
    const [head = ''] = answer.text.split('\r\n\r\n');
    const value = header.slice(header.indexOf(':') + 2);
    expect([202, 400]).toContain(answer.statuses[0]);
    expect(answer.statuses).toHaveLength(1);
    expect(head).not.toContain(value);
    expect(head).not.toContain('Set-Cookie');
  });

  it('is not made of a request_id: what is put into Location is encoded', async () => {
    const requestId = `a/../b?x=1#é "<>\\${randomUUID()}`;
    const body = text(requestId).replace('é', '\\u00e9');
    const answer = await send([rawPost([length(body)], body)]);
    expect(answer.statuses).toEqual([202]);
    const location = /^location: (.*)$/im.exec(answer.text)?.[1] ?? '';
    expect(location).toContain(encodeURIComponent(requestId));
    expect(location).toMatch(/^[\x21-\x7e]+$/);
  });

  it('of 100 kB is refused before it is read whole', async () => {
    const answer = await send([rawPost([`X-A: ${'a'.repeat(100_000)}`], '')]);
    expect(answer.statuses).toEqual([431]);
    expect(answer.isClosed).toBe(true);
  });
});

const cpuMsOf = async (work: () => Promise<void>): Promise<number> => {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
};

describe('a Content-Type', () => {
  const [spaces, tabs] = [' '.repeat(15_000), '\t'.repeat(15_000)];
  it.each([
    ['spaces', `application/json${spaces}x`],
    ['spaces before it', `x${spaces}application/json`],
    ['tabs', `application/json${tabs}x`],
    ['spaces after a semicolon', `application/json;${spaces}x`],
    ['spaces in its charset', `application/json; charset${spaces}=${spaces.slice(0, 500)}x`],
    ['semicolons', `application/json${';'.repeat(15_000)}x`],
  ])('full of %s is refused at little cost, before anybody says who they are', async (_, type) => {
    const body = text();
    const costMs = await cpuMsOf(async () => {
      const answer = await send([rawPost([length(body)], body, '/commands/buy', type)]);
      expect(answer.statuses[0]).toBe(415);
    });
    expect(costMs).toBeLessThan(100);
  });
});

describe('a body that is too much', () => {
  const bodyOf = (bytes: number): string => `{"a":"${'a'.repeat(bytes - '{"a":""}'.length)}"}`;

  it.each([
    ['at the limit', bodyOf(bodyBytesMax), [400]],
    ['a byte over the limit', bodyOf(bodyBytesMax + 1), [413]],
    ['10 MB', `{"a":"${'a'.repeat(10_000_000)}"}`, [413]],
    ['10,000 levels deep', `${'['.repeat(10_000)}${']'.repeat(10_000)}`, [400, 413]],
    [
      'of thousands of members',
      JSON.stringify(Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [`k${i}`, i]))),
      [400, 413],
    ],
  ])('%s, is refused at little cost', async (_, body, statuses) => {
    const costMs = await cpuMsOf(async () => {
      const response = await fetch(`${api.url}/commands/buy`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body,
      }).catch(() => undefined);
      // A server that answers and closes while the client still sends may look like a reset to the client.
      if (response) expect(statuses).toContain(response.status);
    });
    // The client that sends 10 MB runs in this process too: 40 ms of it on the machine this was written on.
    expect(costMs).toBeLessThan(1_000);
  });

  it('compressed, is not unpacked', async () => {
    const bomb = gzipSync(Buffer.alloc(50_000_000, 'a'));
    const answer = await send([
      rawPost(['Content-Encoding: gzip', `Content-Length: ${bomb.length}`], ''),
      bomb,
    ]);
    expect(answer.statuses[0]).toBe(415);
  });

  it('in endless chunks, is refused while it goes on', async () => {
    const chunk = `1000\r\n${'a'.repeat(0x1000)}\r\n`;
    const pieces = [rawPost(['Transfer-Encoding: chunked'], ''), ...Array.from({ length: 100 }, () => chunk)];
    const answer = await send(pieces, { betweenMs: 1 });
    expect(answer.statuses).toEqual([413]);
  });
});

describe('members that are not data', () => {
  it.each([
    ['__proto__', '{"__proto__":{"amount":7,"isAdmin":true},'],
    ['constructor', '{"constructor":{"prototype":{"isAdmin":true}},'],
  ])('such as %s change nothing of any object', async (_, begin) => {
    const body = `${begin}${text().slice(1)}`;
    const answer = await api.post('/commands/buy', JSON.parse(body) as unknown);
    const raw = await send([rawPost([length(body)], body)]);
    expect([202, 400]).toContain(answer.status);
    expect([202, 400, 409]).toContain(raw.statuses[0]);
    expect(({} as Record<string, unknown>)['isAdmin']).toBeUndefined();
    expect(({} as Record<string, unknown>)['amount']).toBeUndefined();
  });

  it.each([
    ["u1'; drop table orders; --"],
    ['u1\n{"level":"error","message":"forged"}'],
    ['../../etc/passwd'],
    ['%s%n%x'],
    ['${jndi:ldap://x}'],
    ['u1\u0000'],
    ['\u202eu1'],
    ['{"$ne":null}'],
    ['u1 EVAL "return 1" 0'],
  ])('but statements in a user_id are refused: %j', async (userId) => {
    const { status, body } = await api.buy({ ...order(), user_id: userId });
    expect(status).toBe(400);
    expect(body['errors']).toEqual([expect.objectContaining({ field: 'user_id' })]);
  });
});

describe('one request_id in a thousand hands', () => {
  it('is one order, whoever sends it how often', async () => {
    const requestId = `crowd-${randomUUID()}`;
    const answers = await Promise.all(
      Array.from({ length: 300 }, (_, index) =>
        api.buy({ ...order(requestId), amount: 1 + (index % 3), user_id: `u${index % 2}` }),
      ),
    );
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 202)).toHaveLength(1);
    expect(statuses.every((status) => [202, 409, 422].includes(status))).toBe(true);
    expect(await timesInLog(requestId)).toBe(1);
  });

  it('tells a stranger nothing about the order that has it', async () => {
    const requestId = `private-${randomUUID()}`;
    await api.buy({ ...order(requestId), user_id: 'owner', item_id: 'secret-shoe' });
    const { status, text: answer } = await api.buy({ ...order(requestId), user_id: 'stranger' });
    expect(status).toBe(422);
    expect(answer).not.toContain('owner');
    expect(answer).not.toContain('secret-shoe');
  });
});

describe('a door that is not one', () => {
  it.each([
    ['GET', '//commands/buy'],
    ['POST', '/commands//buy'],
    ['POST', '/COMMANDS/../commands/adjust-stock'],
    ['POST', '/commands/%61djust-stock'],
    ['GET', '/metrics/../commands/adjust-stock'],
    ['POST', '/commands/adjust-stock/'],
    ['POST', '/Commands/Adjust-Stock'],
  ])('%s %s does not lead to an operator’s command without the token', async (method, target) => {
    const body = JSON.stringify({ item_id: 'x', delta: 1, reason: 'r', command_id: randomUUID() });
    const request = [
      `${method} ${target} HTTP/1.1`,
      'Host: x',
      'Connection: close',
      'Content-Type: application/json',
    ];
    const answer = await send([
      [...request, length(body), 'X-HTTP-Method-Override: POST', '', body].join('\r\n'),
    ]);
    expect([400, 401, 404, 405]).toContain(answer.statuses[0]);
  });

  it.each([['HEAD'], ['OPTIONS'], ['TRACE'], ['PUT'], ['PATCH'], ['DELETE']])(
    '%s on the buyer’s route does nothing',
    async (method) => {
      const answer = await send([`${method} /commands/buy HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`]);
      expect(answer.statuses).toEqual([405]);
    },
  );
});
