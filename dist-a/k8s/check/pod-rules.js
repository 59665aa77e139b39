"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.podRuleProblems = void 0;
const manifest_1 = require("./manifest");
const pods_1 = require("./pods");
const when = (fault, what) => (fault ? what : undefined);
const securityValue = (container, pod, member) => (0, manifest_1.at)(container, `securityContext.${member}`) ?? (0, manifest_1.at)(pod.spec, `securityContext.${member}`);
const dropsAll = (container) => (0, manifest_1.listAt)(container, 'securityContext.capabilities.drop').includes('ALL') &&
    (0, manifest_1.listAt)(container, 'securityContext.capabilities.add').length === 0;
/** The Pod Security Standard "restricted", by which a namespace can refuse the pod. */
const restricted = [
    (it, pod) => when(securityValue(it, pod, 'runAsNonRoot') !== true, 'may run as root: runAsNonRoot'),
    (it, pod) => when(securityValue(it, pod, 'runAsUser') === 0, 'runs as user 0'),
    (it, pod) => when(securityValue(it, pod, 'seccompProfile.type') !== 'RuntimeDefault', 'needs seccompProfile RuntimeDefault'),
    (it) => when((0, manifest_1.at)(it, 'securityContext.allowPrivilegeEscalation') !== false, 'needs allowPrivilegeEscalation false'),
    (it) => when(!dropsAll(it), 'must drop ALL capabilities and add none'),
    (it) => when((0, manifest_1.at)(it, 'securityContext.privileged') === true, 'is privileged'),
    (it) => when((0, manifest_1.listAt)(it, 'ports').some((port) => (0, manifest_1.at)(port, 'hostPort') !== undefined), 'takes a port of the host'),
];
const pinnedImage = (container) => {
    const image = (0, manifest_1.textAt)(container, 'image') ?? '';
    return /@sha256:[0-9a-f]{64}$/.test(image) || (/:[^/:]+$/.test(image) && !image.endsWith(':latest'));
};
const everyContainer = [
    (it) => when(!pinnedImage(it), `has no pinned image: ${(0, manifest_1.textAt)(it, 'image') ?? 'none'}`),
    (it) => when((0, manifest_1.at)(it, 'resources.requests.cpu') === undefined, 'requests no cpu'),
    (it) => when((0, manifest_1.at)(it, 'resources.requests.memory') === undefined, 'requests no memory'),
    (it) => when((0, manifest_1.at)(it, 'resources.limits.memory') === undefined, 'has no memory limit'),
];
/** A CPU limit is missing on purpose: throttling stops heartbeats, and a saga without them loses its partitions. */
const ourServices = [
    (it) => when((0, manifest_1.at)(it, 'resources.limits.cpu') !== undefined, 'has a cpu limit, which throttles heartbeats'),
    (it) => when((0, manifest_1.at)(it, 'startupProbe.httpGet.path') !== '/livez', 'needs a startupProbe on /livez'),
    (it) => when((0, manifest_1.at)(it, 'livenessProbe.httpGet.path') !== '/livez', 'needs a livenessProbe on /livez'),
    (it) => when((0, manifest_1.at)(it, 'readinessProbe.httpGet.path') !== '/readyz', 'needs a readinessProbe on /readyz'),
    (it) => when((0, manifest_1.at)(it, 'lifecycle.preStop') === undefined, 'needs a preStop pause'),
    (it) => when((0, manifest_1.at)(it, 'securityContext.readOnlyRootFilesystem') !== true, 'may write to its root file system: readOnlyRootFilesystem'),
];
const podProblems = ({ spec, owner }) => [
    when((0, manifest_1.at)(spec, 'automountServiceAccountToken') !== false, 'mounts a service account token'),
    when((0, manifest_1.at)(spec, 'enableServiceLinks') !== false, 'gets other services’ addresses as variables'),
    ...['hostNetwork', 'hostPID', 'hostIPC'].map((member) => when((0, manifest_1.at)(spec, member) === true, `uses ${member}`)),
    when((0, manifest_1.listAt)(spec, 'volumes').some((volume) => (0, manifest_1.at)(volume, 'hostPath') !== undefined), 'mounts a folder of the host'),
    when(owner.kind === 'Job' && (0, manifest_1.at)(owner, 'spec.ttlSecondsAfterFinished') === undefined, 'is a job that stays for ever: ttlSecondsAfterFinished'),
];
const serviceProblems = ({ spec }) => [
    when((0, manifest_1.listAt)(spec, 'topologySpreadConstraints').length === 0, 'is not spread: topologySpreadConstraints'),
];
/** What breaks a rule of ours in one pod: restricted security, probes, resources, a stop that can finish. */
const podRuleProblems = (pod) => {
    const rules = [...restricted, ...everyContainer, ...((0, pods_1.isService)(pod) ? ourServices : [])];
    const found = [
        ...podProblems(pod),
        ...((0, pods_1.isService)(pod) ? serviceProblems(pod) : []),
        ...pod.containers.flatMap((container) => rules.map((rule) => {
            const what = rule(container, pod);
            return what && `container ${(0, manifest_1.textAt)(container, 'name') ?? '?'} ${what}`;
        })),
    ];
    return found.flatMap((what) => (what === undefined ? [] : [{ where: (0, manifest_1.nameOf)(pod.owner), what }]));
};
exports.podRuleProblems = podRuleProblems;
//# sourceMappingURL=pod-rules.js.map