import type { KafkaOptions } from './kafka';

/**
 * Settings that make the local servers tell the services apart, as production does: a user of its own for each, and
 * rights for what it does and nothing else. Kafka's rights are those of k8s/components/strimzi/users.yaml.
 */

export type Passwords = Readonly<Record<string, string>>;

/** Users of Kafka that are no service: the broker itself, who may do everything, and the deploy steps as that. */
export const brokerUser = 'broker';

const plainModule = 'org.apache.kafka.common.security.plain.PlainLoginModule required';

/**
 * A broker whose clients log in at `port`; whoever comes to the main listener is nobody, and nobody may do anything.
 * @param passwords by user, `broker` among them.
 */
export const securedKafka = (
  port: number,
  passwords: Passwords,
): Required<Pick<KafkaOptions, 'extraListeners' | 'settings'>> => {
  const users = Object.entries(passwords).map(([user, password]) => `user_${user}="${password}"`);
  const self = `username="${brokerUser}" password="${passwords[brokerUser] ?? ''}"`;
  const jaas = `${plainModule} ${self} ${users.join(' ')};`;
  return {
    extraListeners: [{ name: 'SECURED', port, advertisedPort: port }],
    settings: {
      'listener.security.protocol.map': 'MAIN:PLAINTEXT,SECURED:SASL_PLAINTEXT,CONTROLLER:SASL_PLAINTEXT',
      'inter.broker.listener.name': 'SECURED',
      'sasl.enabled.mechanisms': 'PLAIN',
      'sasl.mechanism.inter.broker.protocol': 'PLAIN',
      'sasl.mechanism.controller.protocol': 'PLAIN',
      'listener.name.secured.plain.sasl.jaas.config': jaas,
      'listener.name.controller.plain.sasl.jaas.config': jaas,
      'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
      'super.users': `User:${brokerUser}`,
      'allow.everyone.if.no.acl.found': 'false',
    },
  };
};

/** What each service's scripts and look-ups use; a command inside a script counts as the caller's. */
const redisRights: Readonly<Record<string, { readonly keys: readonly string[]; readonly commands: string }>> =
  {
    saga: {
      keys: ['{*}:cur', '{*}:reconciler', '{*}:e*'],
      commands:
        'info evalsha eval hgetall hmget hget hset hdel hincrby get set mget mset del unlink sadd incrby decrby ' +
        'getrange pexpire pttl time scan smembers cluster',
    },
    'command-api': {
      keys: ['{*}:answer:*', '{*}:command-answer:*', '{*}:window:*', '{*}:idempotency:*'],
      commands: 'info evalsha eval get set del pexpire pttl time lindex llen lpop lrem rpush cluster',
    },
    'query-api': { keys: ['{*}:answer:*'], commands: 'info get cluster' },
  };

/** Redis' users as the lines of an `aclfile`; without a user there is `PING` and nothing else. */
export const redisUsers = (passwords: Passwords): string => {
  const nobody = 'user default on nopass resetkeys resetchannels -@all +ping';
  const services = Object.entries(redisRights).map(([user, { keys, commands }]) => {
    const may = `ping ${commands}`.split(' ').map((command) => `+${command}`);
    const where = keys.map((key) => `~${key}`);
    return ['user', user, 'on', `>${passwords[user] ?? ''}`, ...where, 'resetchannels', '-@all', ...may].join(
      ' ',
    );
  });
  return `${[nobody, ...services].join('\n')}\n`;
};
