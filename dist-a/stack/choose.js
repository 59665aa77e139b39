"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.externalVariables = exports.chooseStack = exports.dockerAnswers = exports.stackKinds = void 0;
const node_child_process_1 = require("node:child_process");
exports.stackKinds = ['local', 'docker', 'external'];
const engineTimeoutMs = 5000;
/** Whether a Docker engine answers; a client without an engine does not count. */
const dockerAnswers = () => (0, node_child_process_1.spawnSync)('docker', ['info', '--format', '{{.ServerVersion}}'], { timeout: engineTimeoutMs }).status === 0;
exports.dockerAnswers = dockerAnswers;
/**
 * Where the servers come from: what STACK says, else docker when an engine answers, else local.
 * @throws when STACK is none of the three.
 */
const chooseStack = (wanted, engineAnswers) => {
    if (wanted === undefined || wanted === '')
        return engineAnswers() ? 'docker' : 'local';
    const kind = exports.stackKinds.find((name) => name === wanted);
    if (kind === undefined)
        throw new Error(`STACK=${wanted}: it must be ${exports.stackKinds.join(', ')} or unset.`);
    return kind;
};
exports.chooseStack = chooseStack;
const names = ['KAFKA_BROKERS', 'SCHEMA_REGISTRY_URL', 'REDIS_URL', 'DATABASE_URL'];
/**
 * The servers that STACK=external names.
 * @throws naming every variable that is missing.
 */
const externalVariables = (environment) => {
    const missing = names.filter((name) => !environment[name]);
    if (missing.length > 0)
        throw new Error(`STACK=external needs ${missing.join(', ')}.`);
    const read = (name) => environment[name] ?? '';
    return {
        KAFKA_BROKERS: read('KAFKA_BROKERS'),
        SCHEMA_REGISTRY_URL: read('SCHEMA_REGISTRY_URL'),
        REDIS_URL: read('REDIS_URL'),
        DATABASE_URL: read('DATABASE_URL'),
    };
};
exports.externalVariables = externalVariables;
//# sourceMappingURL=choose.js.map