import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  AclOperationTypes,
  AclPermissionTypes,
  AclResourceTypes,
  Kafka,
  logLevel,
  ResourcePatternTypes,
  type AclEntry,
} from 'kafkajs';
import { at, listAt, parseManifests, textAt } from '../../k8s/check/manifest';
import { brokerUser } from '../../stack/access';
import { projectRoot } from '../../stack/project-root';

const operations: Readonly<Record<string, AclOperationTypes>> = {
  Read: AclOperationTypes.READ,
  Write: AclOperationTypes.WRITE,
  Describe: AclOperationTypes.DESCRIBE,
  DescribeConfigs: AclOperationTypes.DESCRIBE_CONFIGS,
};

const entriesOf = (user: string, acl: unknown): readonly AclEntry[] => {
  const resource = at(acl, 'resource');
  const isGroup = textAt(resource, 'type') === 'group';
  const isPrefix = textAt(resource, 'patternType') === 'prefix';
  return listAt(acl, 'operations').map((operation) => {
    const known = operations[String(operation)];
    if (known === undefined) throw new Error(`${user}: operation ${String(operation)} is not known here`);
    return {
      principal: `User:${user}`,
      host: '*',
      permissionType: AclPermissionTypes.ALLOW,
      operation: known,
      resourceType: isGroup ? AclResourceTypes.GROUP : AclResourceTypes.TOPIC,
      resourceName: textAt(resource, 'name') ?? '',
      resourcePatternType: isPrefix ? ResourcePatternTypes.PREFIXED : ResourcePatternTypes.LITERAL,
    };
  });
};

/** The rights of production, one entry each. */
export const productionRights = (): readonly AclEntry[] => {
  const file = join(projectRoot(), 'k8s', 'components', 'strimzi', 'users.yaml');
  return parseManifests(readFileSync(file, 'utf8')).flatMap((user) =>
    listAt(user, 'spec.authorization.acls').flatMap((acl) => entriesOf(user.metadata.name, acl)),
  );
};

/** Gives them to a broker that refuses everything else. */
export const grantProductionRights = async (broker: string, password: string): Promise<void> => {
  const admin = new Kafka({
    brokers: [broker],
    sasl: { mechanism: 'plain', username: brokerUser, password },
    logLevel: logLevel.NOTHING,
  }).admin();
  await admin.connect();
  await admin.createAcls({ acl: [...productionRights()] });
  await admin.disconnect();
};
