"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.hurriedStops = exports.brokenTargets = exports.idleSelectors = exports.missingReferences = void 0;
const config_1 = require("../../chassis/config");
const manifest_1 = require("./manifest");
const pods_1 = require("./pods");
/** Secrets that an operator makes: Strimzi writes one per KafkaUser, and one with the cluster's authority. */
const madeByOperators = (manifests) => manifests.flatMap((manifest) => {
    if (manifest.kind === 'KafkaUser')
        return [manifest.metadata.name];
    return manifest.kind === 'Kafka' ? [`${manifest.metadata.name}-cluster-ca-cert`] : [];
});
const named = (manifests, kind) => manifests.filter((manifest) => manifest.kind === kind).map((manifest) => manifest.metadata.name);
const containerSources = (container) => [
    ...(0, manifest_1.listAt)(container, 'envFrom'),
    ...(0, manifest_1.listAt)(container, 'env').map((variable) => (0, manifest_1.at)(variable, 'valueFrom')),
];
const volumeSources = (spec) => (0, manifest_1.listAt)(spec, 'volumes').flatMap((volume) => [volume, ...(0, manifest_1.listAt)(volume, 'projected.sources')]);
/** A reference that may be missing (`optional: true`) is not counted. */
const namesAt = (sources, paths) => sources.flatMap((source) => paths.flatMap((path) => {
    const name = (0, manifest_1.textAt)(source, path);
    const parent = (0, manifest_1.at)(source, path.slice(0, path.lastIndexOf('.')));
    return name === undefined || (0, manifest_1.at)(parent, 'optional') === true ? [] : [name];
}));
const configMapPaths = ['configMapRef.name', 'configMapKeyRef.name', 'configMap.name'];
const secretPaths = ['secretRef.name', 'secretKeyRef.name', 'secret.secretName', 'secret.name'];
/** Names a pod relies on that the build does not hold. Secrets of `expected` are made outside, by the operators. */
const missingReferences = (pods, manifests, expected) => {
    const configMaps = named(manifests, 'ConfigMap');
    const secrets = [...named(manifests, 'Secret'), ...madeByOperators(manifests), ...expected];
    return pods.flatMap(({ owner, spec, containers }) => {
        const sources = [...containers.flatMap(containerSources), ...volumeSources(spec)];
        const lost = [
            ...namesAt(sources, configMapPaths)
                .filter((name) => !configMaps.includes(name))
                .map((name) => `ConfigMap ${name}`),
            ...namesAt(sources, secretPaths)
                .filter((name) => !secrets.includes(name))
                .map((name) => `Secret ${name}`),
        ];
        return [...new Set(lost)].map((what) => ({ where: (0, manifest_1.nameOf)(owner), what: `relies on a missing ${what}` }));
    });
};
exports.missingReferences = missingReferences;
const podSelectors = {
    Service: 'spec.selector',
    PodDisruptionBudget: 'spec.selector',
    PodMonitor: 'spec.selector',
    NetworkPolicy: 'spec.podSelector',
};
/** Selectors that select nothing: a budget, a monitor or a policy that protects nobody. */
const idleSelectors = (pods, manifests) => manifests.flatMap((manifest) => {
    const path = podSelectors[manifest.kind];
    const given = path === undefined ? undefined : (0, manifest_1.at)(manifest, path);
    if (given === undefined || byOperator(given))
        return [];
    const selector = manifest.kind === 'Service' ? { matchLabels: given } : given;
    if (pods.some((pod) => (0, manifest_1.selects)(selector, pod.labels)))
        return [];
    return [{ where: (0, manifest_1.nameOf)(manifest), what: 'selects no pod' }];
});
exports.idleSelectors = idleSelectors;
/** Strimzi makes the pods with its own labels, so no manifest here holds them. */
const byOperator = (selector) => Object.keys((0, manifest_1.labelsAt)(selector, 'matchLabels')).some((label) => label.startsWith('strimzi.io/'));
/** Autoscalers whose workload is not there, and workloads whose selector misses their own pods. */
const brokenTargets = (pods, manifests) => [
    ...manifests.flatMap((manifest) => {
        const target = (0, manifest_1.textAt)(manifest, 'spec.scaleTargetRef.name');
        const found = pods.some((pod) => pod.owner.kind === 'Deployment' && pod.owner.metadata.name === target);
        return target === undefined || found
            ? []
            : [{ where: (0, manifest_1.nameOf)(manifest), what: `scales a missing Deployment ${target}` }];
    }),
    ...pods.flatMap(({ owner, labels }) => {
        const selector = (0, manifest_1.at)(owner, 'spec.selector');
        return selector === undefined || (0, manifest_1.selects)(selector, labels)
            ? []
            : [{ where: (0, manifest_1.nameOf)(owner), what: 'does not select its own pods' }];
    }),
];
exports.brokenTargets = brokenTargets;
const defaultShutdownMs = 30_000;
const shutdownMs = (container, manifests) => {
    const maps = namesAt((0, manifest_1.listAt)(container, 'envFrom'), ['configMapRef.name']);
    const texts = manifests
        .filter((manifest) => manifest.kind === 'ConfigMap' && maps.includes(manifest.metadata.name))
        .map((manifest) => (0, manifest_1.textAt)(manifest, 'data.SHUTDOWN_TIMEOUT'));
    const text = texts.find((value) => value !== undefined);
    return text === undefined ? defaultShutdownMs : ((0, config_1.parseDurationMs)(text) ?? defaultShutdownMs);
};
/** A pod that is killed before its own deadline drops answers that were promised. */
const hurriedStops = (pods, manifests) => pods.filter(pods_1.isService).flatMap(({ owner, spec, containers }) => {
    const graceMs = Number((0, manifest_1.at)(spec, 'terminationGracePeriodSeconds') ?? 30) * 1000;
    return containers.flatMap((container) => {
        const pauseMs = Number((0, manifest_1.at)(container, 'lifecycle.preStop.sleep.seconds') ?? 0) * 1000;
        const neededMs = pauseMs + shutdownMs(container, manifests);
        return graceMs > neededMs
            ? []
            : [
                {
                    where: (0, manifest_1.nameOf)(owner),
                    what: `is killed after ${graceMs} ms, but preStop and SHUTDOWN_TIMEOUT take ${neededMs} ms`,
                },
            ];
    });
});
exports.hurriedStops = hurriedStops;
//# sourceMappingURL=reference-rules.js.map