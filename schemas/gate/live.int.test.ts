import { randomUUID } from 'node:crypto';
import { readHistory, type SchemaHistory } from '../history';
import { ourSchemas, subjectOf } from '../known-ids';
import { registerSchemas } from '../register';
import { createRegistryClient } from '../registry-client';
import { topics, type Topic } from '../topics';
import { judgeLive } from './live';

const client = createRegistryClient(process.env['SCHEMA_REGISTRY_URL'] ?? '', 10_000);
const history = readHistory();
const ownTopic = (): Topic => ({
  ...topics.orderRequests,
  name: `live-${randomUUID().slice(0, 8)}-order-requests`,
});

const firstOnly: SchemaHistory = { ...history, OrderRequested: history.OrderRequested.slice(0, 1) };

describe('the gate on a live registry', () => {
  test('finds nothing after a deploy, and names what the next deploy will register', async () => {
    const topic = ownTopic();
    await registerSchemas(client, ourSchemas([topic], firstOnly));
    expect(await judgeLive(client, firstOnly, [topic])).toEqual({ problems: [], pending: [] });
    expect((await judgeLive(client, history, [topic])).pending[0]).toMatch(
      /OrderRequested v2 is not registered yet/,
    );
    await registerSchemas(client, ourSchemas([topic], history));
    expect(await judgeLive(client, history, [topic])).toEqual({ problems: [], pending: [] });
  });

  test('finds a version that somebody registered by hand', async () => {
    const topic = ownTopic();
    await registerSchemas(client, ourSchemas([topic], history));
    const text = (history.OrderRequested.at(-1)?.text ?? '').replace(
      '"fields":[',
      '"fields":[{"name":"by_hand","type":["null","string"],"default":null},',
    );
    await client.register(subjectOf(topic.name, 'OrderRequested'), text);
    const { problems } = await judgeLive(client, history, [topic]);
    expect(problems).toEqual([
      expect.stringMatching(/version \d+ is not in this history\. .*somebody registered by hand/),
    ]);
  });

  test('finds a subject whose compatibility was never set', async () => {
    const topic = ownTopic();
    const subject = subjectOf(topic.name, 'OrderRequested');
    for (const { text } of history.OrderRequested) await client.register(subject, text);
    const { problems } = await judgeLive(client, history, [topic]);
    expect(problems).toEqual([expect.stringMatching(/instead of FULL_TRANSITIVE: run the deploy step/)]);
  });

  test('finds versions that were registered in another order', async () => {
    const topic = ownTopic();
    const subject = subjectOf(topic.name, 'OrderRequested');
    for (const { text } of [...history.OrderRequested].reverse()) await client.register(subject, text);
    await client.setCompatibility(subject, 'FULL_TRANSITIVE');
    const { problems } = await judgeLive(client, history, [topic]);
    expect(problems).toEqual([expect.stringMatching(/in another order/)]);
  });
});
