import { parseDurationMs } from '../../chassis/config';
import { at, labelsAt, listAt, nameOf, selects, textAt, type Manifest, type Problem } from './manifest';
import { isService, type PodTemplate } from './pods';

/** Secrets that an operator makes: Strimzi writes one per KafkaUser, and one with the cluster's authority. */
const madeByOperators = (manifests: readonly Manifest[]): readonly string[] =>
  manifests.flatMap((manifest) => {
    if (manifest.kind === 'KafkaUser') return [manifest.metadata.name];
    return manifest.kind === 'Kafka' ? [`${manifest.metadata.name}-cluster-ca-cert`] : [];
  });

const named = (manifests: readonly Manifest[], kind: string): readonly string[] =>
  manifests.filter((manifest) => manifest.kind === kind).map((manifest) => manifest.metadata.name);

const containerSources = (container: unknown): readonly unknown[] => [
  ...listAt(container, 'envFrom'),
  ...listAt(container, 'env').map((variable) => at(variable, 'valueFrom')),
];

const volumeSources = (spec: unknown): readonly unknown[] =>
  listAt(spec, 'volumes').flatMap((volume) => [volume, ...listAt(volume, 'projected.sources')]);

/** A reference that may be missing (`optional: true`) is not counted. */
const namesAt = (sources: readonly unknown[], paths: readonly string[]): readonly string[] =>
  sources.flatMap((source) =>
    paths.flatMap((path) => {
      const name = textAt(source, path);
      const parent = at(source, path.slice(0, path.lastIndexOf('.')));
      return name === undefined || at(parent, 'optional') === true ? [] : [name];
    }),
  );

const configMapPaths = ['configMapRef.name', 'configMapKeyRef.name', 'configMap.name'];
const secretPaths = ['secretRef.name', 'secretKeyRef.name', 'secret.secretName', 'secret.name'];

/** Names a pod relies on that the build does not hold. Secrets of `expected` are made outside, by the operators. */
export const missingReferences = (
  pods: readonly PodTemplate[],
  manifests: readonly Manifest[],
  expected: readonly string[],
): readonly Problem[] => {
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
    return [...new Set(lost)].map((what) => ({ where: nameOf(owner), what: `relies on a missing ${what}` }));
  });
};

const podSelectors: Readonly<Record<string, string>> = {
  Service: 'spec.selector',
  PodDisruptionBudget: 'spec.selector',
  PodMonitor: 'spec.selector',
  NetworkPolicy: 'spec.podSelector',
};

/** Selectors that select nothing: a budget, a monitor or a policy that protects nobody. */
export const idleSelectors = (
  pods: readonly PodTemplate[],
  manifests: readonly Manifest[],
): readonly Problem[] =>
  manifests.flatMap((manifest) => {
    const path = podSelectors[manifest.kind];
    const given = path === undefined ? undefined : at(manifest, path);
    if (given === undefined || byOperator(given)) return [];
    const selector = manifest.kind === 'Service' ? { matchLabels: given } : given;
    if (pods.some((pod) => selects(selector, pod.labels))) return [];
    return [{ where: nameOf(manifest), what: 'selects no pod' }];
  });

/** Strimzi makes the pods with its own labels, so no manifest here holds them. */
const byOperator = (selector: unknown): boolean =>
  Object.keys(labelsAt(selector, 'matchLabels')).some((label) => label.startsWith('strimzi.io/'));

/** Autoscalers whose workload is not there, and workloads whose selector misses their own pods. */
export const brokenTargets = (
  pods: readonly PodTemplate[],
  manifests: readonly Manifest[],
): readonly Problem[] => [
  ...manifests.flatMap((manifest) => {
    const target = textAt(manifest, 'spec.scaleTargetRef.name');
    const found = pods.some((pod) => pod.owner.kind === 'Deployment' && pod.owner.metadata.name === target);
    return target === undefined || found
      ? []
      : [{ where: nameOf(manifest), what: `scales a missing Deployment ${target}` }];
  }),
  ...pods.flatMap(({ owner, labels }) => {
    const selector = at(owner, 'spec.selector');
    return selector === undefined || selects(selector, labels)
      ? []
      : [{ where: nameOf(owner), what: 'does not select its own pods' }];
  }),
];

const defaultShutdownMs = 30_000;

const shutdownMs = (container: unknown, manifests: readonly Manifest[]): number => {
  const maps = namesAt(listAt(container, 'envFrom'), ['configMapRef.name']);
  const texts = manifests
    .filter((manifest) => manifest.kind === 'ConfigMap' && maps.includes(manifest.metadata.name))
    .map((manifest) => textAt(manifest, 'data.SHUTDOWN_TIMEOUT'));
  const text = texts.find((value) => value !== undefined);
  return text === undefined ? defaultShutdownMs : (parseDurationMs(text) ?? defaultShutdownMs);
};

/** A pod that is killed before its own deadline drops answers that were promised. */
export const hurriedStops = (
  pods: readonly PodTemplate[],
  manifests: readonly Manifest[],
): readonly Problem[] =>
  pods.filter(isService).flatMap(({ owner, spec, containers }) => {
    const graceMs = Number(at(spec, 'terminationGracePeriodSeconds') ?? 30) * 1000;
    return containers.flatMap((container) => {
      const pauseMs = Number(at(container, 'lifecycle.preStop.sleep.seconds') ?? 0) * 1000;
      const neededMs = pauseMs + shutdownMs(container, manifests);
      return graceMs > neededMs
        ? []
        : [
            {
              where: nameOf(owner),
              what: `is killed after ${graceMs} ms, but preStop and SHUTDOWN_TIMEOUT take ${neededMs} ms`,
            },
          ];
    });
  });
