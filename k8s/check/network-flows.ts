import { at, labelsAt, listAt, selects, textAt, type Manifest } from './manifest';
import { podTemplates, type PodTemplate } from './pods';

/** `from` may open a connection to `port` of `to`, as the policies of one namespace stand. */
export interface Flow {
  readonly from: string;
  readonly to: string;
  readonly port: number;
}

type Direction = 'ingress' | 'egress';

interface Port {
  readonly name: string | undefined;
  readonly number: number;
}

const portsOf = (pod: PodTemplate): readonly Port[] =>
  pod.containers.flatMap((container) =>
    listAt(container, 'ports').map((port) => ({
      name: textAt(port, 'name'),
      number: Number(at(port, 'containerPort')),
    })),
  );

const policyType = { ingress: 'Ingress', egress: 'Egress' } as const;
const peersOf = { ingress: 'from', egress: 'to' } as const;

const policiesFor = (
  policies: readonly Manifest[],
  pod: PodTemplate,
  direction: Direction,
): readonly Manifest[] =>
  policies.filter(
    (policy) =>
      listAt(policy, 'spec.policyTypes').includes(policyType[direction]) &&
      selects(at(policy, 'spec.podSelector'), pod.labels),
  );

/** Peers of other namespaces and addresses outside are nobody among the pods of this one. */
const peerIncludes = (peer: unknown, pod: PodTemplate): boolean =>
  at(peer, 'namespaceSelector') === undefined &&
  at(peer, 'ipBlock') === undefined &&
  selects(at(peer, 'podSelector'), pod.labels);

const portIncludes = (rule: unknown, port: Port): boolean => {
  const wanted = listAt(rule, 'ports');
  if (wanted.length === 0) return true;
  return wanted.some((entry) => {
    const given = at(entry, 'port');
    const last = at(entry, 'endPort');
    if (typeof given === 'string') return given === port.name;
    return typeof last === 'number'
      ? Number(given) <= port.number && port.number <= last
      : given === port.number;
  });
};

const ruleAllows = (rule: unknown, direction: Direction, peer: PodTemplate, port: Port): boolean => {
  const peers = listAt(rule, peersOf[direction]);
  const peerFits = peers.length === 0 || peers.some((entry) => peerIncludes(entry, peer));
  return peerFits && portIncludes(rule, port);
};

/** Without a policy for a direction everything goes; with one or more, what any of them allows. */
const sideAllows = (
  policies: readonly Manifest[],
  direction: Direction,
  [own, peer]: readonly [PodTemplate, PodTemplate],
  port: Port,
): boolean => {
  const binding = policiesFor(policies, own, direction);
  if (binding.length === 0) return true;
  return binding.some((policy) =>
    listAt(policy, `spec.${direction}`).some((rule) => ruleAllows(rule, direction, peer, port)),
  );
};

const nameOfPod = (pod: PodTemplate): string =>
  labelsAt(pod, 'labels')['app.kubernetes.io/name'] ?? pod.owner.metadata.name;

/** Every connection between pods of the build that the network policies let through. */
export const allowedFlows = (manifests: readonly Manifest[]): readonly Flow[] => {
  const pods = podTemplates(manifests);
  const policies = manifests.filter((manifest) => manifest.kind === 'NetworkPolicy');
  return pods.flatMap((from) =>
    pods
      .filter((to) => to !== from)
      .flatMap((to) =>
        portsOf(to)
          .filter(
            (port) =>
              sideAllows(policies, 'egress', [from, to], port) &&
              sideAllows(policies, 'ingress', [to, from], port),
          )
          .map((port) => ({ from: nameOfPod(from), to: nameOfPod(to), port: port.number })),
      ),
  );
};
