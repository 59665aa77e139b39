"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.redisUsers = exports.isRedisUser = exports.securedKafka = exports.brokerUser = void 0;
/** The user of Kafka that is no service: the broker itself, who may do everything, and the deploy steps as that. */
exports.brokerUser = 'broker';
const plainModule = 'org.apache.kafka.common.security.plain.PlainLoginModule required';
/**
 * A broker whose clients log in at `port`; whoever comes to the main listener is `ANONYMOUS`. All need grants.
 * @param passwords by user, `broker` among them.
 */
const securedKafka = (port, passwords) => {
    const users = Object.entries(passwords).map(([user, password]) => `user_${user}="${password}"`);
    const self = `username="${exports.brokerUser}" password="${passwords[exports.brokerUser] ?? ''}"`;
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
            'super.users': `User:${exports.brokerUser}`,
            'allow.everyone.if.no.acl.found': 'false',
        },
    };
};
exports.securedKafka = securedKafka;
/** What each service's scripts and look-ups use; a command inside a script counts as the caller's. */
const redisRights = {
    saga: {
        keys: ['{*}:cur', '{*}:reconciler', '{*}:e*'],
        reads: [],
        commands: 'info evalsha eval hgetall hmget hget hset hdel hincrby get set mget mset del unlink sadd incrby decrby ' +
            'getrange pexpire pttl time scan smembers cluster',
    },
    'command-api': {
        keys: ['{*}:answer:*', '{*}:command-answer:*', '{*}:window:*', '{*}:idempotency:*'],
        reads: ['{*}:cur', '{*}:e*:stock:*'],
        commands: 'info evalsha eval get mget set del unlink hmget hset hdel pexpire pttl time cluster',
    },
    'query-api': {
        keys: [],
        reads: ['{*}:answer:*', '{*}:cur', '{*}:e*:order:*'],
        commands: 'info get mget hmget cluster',
    },
};
/** The others come to Redis for nothing, and have no user there. */
const isRedisUser = (user) => user in redisRights;
exports.isRedisUser = isRedisUser;
const keyRights = ({ keys, reads }, tellsReads) => {
    const own = keys.map((key) => `~${key}`);
    if (tellsReads)
        return [...own, ...reads.map((key) => `%R~${key}`)];
    // Without keys of its own a service has commands that only look: to it a whole key is no more than reading.
    return keys.length === 0 ? reads.map((key) => `~${key}`) : own;
};
/** Who does not log in may look at everything, all at one moment too, as `flash-sale reconcile` does, and change nothing. */
const onlooker = 'user default on nopass ~* resetchannels -@all +@read -keys +ping +info +time +select +multi +exec +cluster';
/**
 * Redis' users as the lines of an `aclfile`.
 * @param tellsReads whether the server knows rights to read only (`%R~`, Redis 7). An older one gives whole keys or
 * none: there command-api, which has commands that write, cannot look at the stock, and refuses to lower it.
 */
const redisUsers = (passwords, tellsReads) => {
    const services = Object.entries(redisRights).map(([user, rights]) => {
        const may = `ping ${rights.commands}`.split(' ').map((command) => `+${command}`);
        const words = ['user', user, 'on', `>${passwords[user] ?? ''}`, ...keyRights(rights, tellsReads)];
        return [...words, 'resetchannels', '-@all', ...may].join(' ');
    });
    return `${[onlooker, ...services].join('\n')}\n`;
};
exports.redisUsers = redisUsers;
//# sourceMappingURL=access.js.map