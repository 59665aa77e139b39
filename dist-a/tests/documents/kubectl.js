"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.readKubectl = void 0;
const kinds = {
    deployment: 'Deployment',
    job: 'Job',
    svc: 'Service',
    hpa: 'HorizontalPodAutoscaler',
};
const verbs = new Set([
    'get',
    'logs',
    'delete',
    'apply',
    'wait',
    'rollout',
    'exec',
    'scale',
    'port-forward',
    'describe',
]);
const subcommands = new Set(['status', 'restart', 'undo']);
const optionOf = (words, name) => {
    const at = words.indexOf(name);
    return at < 0 ? undefined : words[at + 1];
};
/** `deployment/saga deployment/projector`, or `job migrations schemas`. */
const objectsOf = (words) => {
    const [first = '', ...names] = words;
    const kind = kinds[first];
    if (kind !== undefined)
        return names.map((name) => `${kind}/${name}`);
    return words
        .filter((word) => word.includes('/'))
        .map((word) => word.replace(/^[^/]+/, (short) => kinds[short] ?? short));
};
/** Reads one command; undefined for what is no call of kubectl. */
const readKubectl = (command) => {
    const [program, ...rest] = command.split(' ');
    if (program !== 'kubectl')
        return undefined;
    // What follows two dashes is for the container.
    const words = rest.includes('--') ? rest.slice(0, rest.indexOf('--')) : rest;
    const values = ['-n', '-l', '-k'].flatMap((name) => optionOf(words, name) ?? []);
    const named = words.filter((word) => !word.startsWith('-') && !values.includes(word) && !verbs.has(word) && !subcommands.has(word));
    return {
        namespace: optionOf(words, '-n'),
        objects: objectsOf(named),
        label: optionOf(words, '-l'),
        overlay: optionOf(words, '-k'),
    };
};
exports.readKubectl = readKubectl;
//# sourceMappingURL=kubectl.js.map