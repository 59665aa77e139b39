import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { at, listAt, parseManifests, textAt, type Manifest } from '../../check/manifest';

const read = (file: string): readonly Manifest[] =>
  parseManifests(readFileSync(join(__dirname, file), 'utf8'));

const topicNames = read('topics.yaml').map(({ metadata }) => metadata.name);
const users = read('users.yaml');

const covers = (resource: unknown, topic: string): boolean => {
  const name = textAt(resource, 'name') ?? '';
  if (textAt(resource, 'type') !== 'topic') return false;
  return (
    name === '*' || (textAt(resource, 'patternType') === 'prefix' ? topic.startsWith(name) : name === topic)
  );
};

const whoMay = (operation: string, topic: string): readonly string[] =>
  users
    .filter((user) =>
      listAt(user, 'spec.authorization.acls').some(
        (acl) =>
          covers(at(acl, 'resource'), topic) &&
          ['All', operation].some((it) => listAt(acl, 'operations').includes(it)),
      ),
    )
    .map(({ metadata }) => metadata.name);

const whoMayWithGroups = (operation: string): readonly string[] =>
  users
    .filter((user) =>
      listAt(user, 'spec.authorization.acls').some(
        (acl) =>
          textAt(acl, 'resource.type') === 'group' &&
          ['All', operation].some((it) => listAt(acl, 'operations').includes(it)),
      ),
    )
    .map(({ metadata }) => metadata.name);

describe('Kafka users', () => {
  it('that read for an operator see every topic, and only a person may forget offsets', () => {
    for (const topic of topicNames)
      expect(whoMay('Read', topic)).toEqual(expect.arrayContaining(['reconcile', 'operator']));
    expect(whoMayWithGroups('Delete')).toEqual(['operator']);
  });

  it('write as the architecture says: one writer for every topic of events', () => {
    expect(Object.fromEntries(topicNames.map((topic) => [topic, whoMay('Write', topic)]))).toEqual({
      'order-requests': ['command-api'],
      'order-outcomes': ['saga'],
      'stock-adjustments': ['command-api'],
      'saga-epochs': ['saga'],
      'payment-retries': ['saga'],
      'dead-letter-commands': ['command-api'],
      'order-dlq': ['saga', 'projector'],
    });
  });

  it('never alter or delete a topic, and never use a transaction', () => {
    const forbidden = users.flatMap((user) =>
      listAt(user, 'spec.authorization.acls').filter(
        (acl) =>
          (textAt(acl, 'resource.type') === 'topic' &&
            ['All', 'Alter', 'AlterConfigs', 'Delete', 'Create'].some((operation) =>
              listAt(acl, 'operations').includes(operation),
            )) ||
          ['transactionalId', 'cluster'].includes(textAt(acl, 'resource.type') ?? ''),
      ),
    );
    expect(forbidden).toEqual([]);
  });
});
