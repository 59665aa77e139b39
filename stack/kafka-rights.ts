import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { kafkaConnection } from '../chassis/kafka/connection';
import { grant, type Grant, type Operation } from '../chassis/kafka/grants';
import { at, listAt, parseManifests, textAt } from '../k8s/check/manifest';
import { brokerUser } from './access';
import type { Logins } from './logins';
import { loopback } from './ports';
import { projectRoot } from './project-root';

const operations: readonly Operation[] = ['Read', 'Write', 'Delete', 'Describe', 'DescribeConfigs'];

const grantsOf = (user: string, acl: unknown): readonly Grant[] => {
  const resource = at(acl, 'resource');
  return listAt(acl, 'operations').map((named) => {
    const operation = operations.find((one) => one === named);
    if (operation === undefined) throw new Error(`${user}: operation ${String(named)} is not known here`);
    return {
      user,
      resource: textAt(resource, 'type') === 'group' ? 'group' : 'topic',
      name: textAt(resource, 'name') ?? '',
      isPrefix: textAt(resource, 'patternType') === 'prefix',
      operation,
    };
  });
};

/** The rights of production, as k8s/components/strimzi/users.yaml gives them. */
const productionGrants = (): readonly Grant[] => {
  const file = join(projectRoot(), 'k8s', 'components', 'strimzi', 'users.yaml');
  return parseManifests(readFileSync(file, 'utf8')).flatMap((user) =>
    listAt(user, 'spec.authorization.acls').flatMap((acl) => grantsOf(user.metadata.name, acl)),
  );
};

/** Who does not log in may look at every topic and group, as the operators' tools do; not join one, and write nothing. */
const onlookerGrants: readonly Grant[] = [
  { user: 'ANONYMOUS', resource: 'topic', name: '*', operation: 'Read' },
  { user: 'ANONYMOUS', resource: 'topic', name: '*', operation: 'DescribeConfigs' },
  { user: 'ANONYMOUS', resource: 'group', name: '*', operation: 'Describe' },
];

/** Gives a local broker, which refuses everything else, the rights of production and those of onlookers. */
export const grantRights = async ({ kafkaPort, passwords }: Logins): Promise<void> => {
  const connection = kafkaConnection({
    brokers: [`${loopback}:${kafkaPort}`],
    clientId: 'deploy',
    sasl: { mechanism: 'plain', username: brokerUser, password: passwords[brokerUser] ?? '' },
  });
  await grant(connection, [...productionGrants(), ...onlookerGrants]);
};
