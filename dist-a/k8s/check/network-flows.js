"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.allowedFlows = void 0;
const manifest_1 = require("./manifest");
const pods_1 = require("./pods");
const portsOf = (pod) => pod.containers.flatMap((container) => (0, manifest_1.listAt)(container, 'ports').map((port) => ({
    name: (0, manifest_1.textAt)(port, 'name'),
    number: Number((0, manifest_1.at)(port, 'containerPort')),
})));
const policyType = { ingress: 'Ingress', egress: 'Egress' };
const peersOf = { ingress: 'from', egress: 'to' };
const policiesFor = (policies, pod, direction) => policies.filter((policy) => (0, manifest_1.listAt)(policy, 'spec.policyTypes').includes(policyType[direction]) &&
    (0, manifest_1.selects)((0, manifest_1.at)(policy, 'spec.podSelector'), pod.labels));
/** Peers of other namespaces and addresses outside are nobody among the pods of this one. */
const peerIncludes = (peer, pod) => (0, manifest_1.at)(peer, 'namespaceSelector') === undefined &&
    (0, manifest_1.at)(peer, 'ipBlock') === undefined &&
    (0, manifest_1.selects)((0, manifest_1.at)(peer, 'podSelector'), pod.labels);
const portIncludes = (rule, port) => {
    const wanted = (0, manifest_1.listAt)(rule, 'ports');
    if (wanted.length === 0)
        return true;
    return wanted.some((entry) => {
        const given = (0, manifest_1.at)(entry, 'port');
        const last = (0, manifest_1.at)(entry, 'endPort');
        if (typeof given === 'string')
            return given === port.name;
        return typeof last === 'number'
            ? Number(given) <= port.number && port.number <= last
            : given === port.number;
    });
};
const ruleAllows = (rule, direction, peer, port) => {
    const peers = (0, manifest_1.listAt)(rule, peersOf[direction]);
    const peerFits = peers.length === 0 || peers.some((entry) => peerIncludes(entry, peer));
    return peerFits && portIncludes(rule, port);
};
/** Without a policy for a direction everything goes; with one or more, what any of them allows. */
const sideAllows = (policies, direction, [own, peer], port) => {
    const binding = policiesFor(policies, own, direction);
    if (binding.length === 0)
        return true;
    return binding.some((policy) => (0, manifest_1.listAt)(policy, `spec.${direction}`).some((rule) => ruleAllows(rule, direction, peer, port)));
};
const nameOfPod = (pod) => (0, manifest_1.labelsAt)(pod, 'labels')['app.kubernetes.io/name'] ?? pod.owner.metadata.name;
/** Every connection between pods of the build that the network policies let through. */
const allowedFlows = (manifests) => {
    const pods = (0, pods_1.podTemplates)(manifests);
    const policies = manifests.filter((manifest) => manifest.kind === 'NetworkPolicy');
    return pods.flatMap((from) => pods
        .filter((to) => to !== from)
        .flatMap((to) => portsOf(to)
        .filter((port) => sideAllows(policies, 'egress', [from, to], port) &&
        sideAllows(policies, 'ingress', [to, from], port))
        .map((port) => ({ from: nameOfPod(from), to: nameOfPod(to), port: port.number }))));
};
exports.allowedFlows = allowedFlows;
//# sourceMappingURL=network-flows.js.map