import type { KafkaConnection } from './connection';
import { kafkaError, kafkaErrorText } from './wire/api';
import { Cluster } from './wire/cluster';

export type Operation = 'Read' | 'Write' | 'Delete' | 'Describe' | 'DescribeConfigs';

/** What a user may do with topics or groups. Where an authorizer is on, whatever nobody granted is refused. */
export interface Grant {
  /** As whom a client logs in; `ANONYMOUS` is whoever does not. */
  readonly user: string;
  readonly resource: 'topic' | 'group';
  /** `*` is each. */
  readonly name: string;
  /** `name` is how the names begin. */
  readonly isPrefix?: boolean;
  readonly operation: Operation;
}

/** Kafka's numbers: AclOperation, ResourceType, PatternType and AclPermissionType of its protocol. */
const operations: Readonly<Record<Operation, number>> = {
  Read: 3,
  Write: 4,
  Delete: 6,
  Describe: 8,
  DescribeConfigs: 10,
};
const resources: Readonly<Record<Grant['resource'], number>> = { topic: 2, group: 3 };
const literal = 3;
const prefixed = 4;
const allow = 3;

const creationOf = ({ user, resource, name, isPrefix, operation }: Grant) => ({
  resourceType: resources[resource],
  resourceName: name,
  resourcePatternType: isPrefix === true ? prefixed : literal,
  principal: `User:${user}`,
  host: '*',
  operation: operations[operation],
  permissionType: allow,
});

/**
 * Grants what may be granted already. The connection's user must be one who may alter the cluster.
 * @throws InfrastructureError when no broker answers.
 * @throws Error naming the first grant that Kafka refuses.
 */
export const grant = async (connection: KafkaConnection, grants: readonly Grant[]): Promise<void> => {
  const cluster = new Cluster(connection);
  try {
    const controller = await cluster.controller();
    const answer = await controller.ask('CreateAcls', { creations: grants.map(creationOf) });
    answer.creationResponses.forEach(({ errorCode, errorMessage }, index) => {
      if (errorCode === kafkaError.none) return;
      const why = errorMessage ?? kafkaErrorText(errorCode);
      throw new Error(`cannot grant ${JSON.stringify(grants[index])}: ${why}`);
    });
  } finally {
    cluster.close();
  }
};
