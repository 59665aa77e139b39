import { at, listAt, nameOf, textAt, type Problem } from './manifest';
import { isService, type PodTemplate } from './pods';

/** What is wrong with one container, in words that name the member. */
type ContainerRule = (container: unknown, pod: PodTemplate) => string | undefined;

const when = (fault: boolean, what: string): string | undefined => (fault ? what : undefined);

const securityValue = (container: unknown, pod: PodTemplate, member: string): unknown =>
  at(container, `securityContext.${member}`) ?? at(pod.spec, `securityContext.${member}`);

const dropsAll = (container: unknown): boolean =>
  listAt(container, 'securityContext.capabilities.drop').includes('ALL') &&
  listAt(container, 'securityContext.capabilities.add').length === 0;

/** The Pod Security Standard "restricted", by which a namespace can refuse the pod. */
const restricted: readonly ContainerRule[] = [
  (it, pod) => when(securityValue(it, pod, 'runAsNonRoot') !== true, 'may run as root: runAsNonRoot'),
  (it, pod) => when(securityValue(it, pod, 'runAsUser') === 0, 'runs as user 0'),
  (it, pod) =>
    when(
      securityValue(it, pod, 'seccompProfile.type') !== 'RuntimeDefault',
      'needs seccompProfile RuntimeDefault',
    ),
  (it) =>
    when(
      at(it, 'securityContext.allowPrivilegeEscalation') !== false,
      'needs allowPrivilegeEscalation false',
    ),
  (it) => when(!dropsAll(it), 'must drop ALL capabilities and add none'),
  (it) => when(at(it, 'securityContext.privileged') === true, 'is privileged'),
  (it) =>
    when(
      listAt(it, 'ports').some((port) => at(port, 'hostPort') !== undefined),
      'takes a port of the host',
    ),
];

const pinnedImage = (container: unknown): boolean => {
  const image = textAt(container, 'image') ?? '';
  return /@sha256:[0-9a-f]{64}$/.test(image) || (/:[^/:]+$/.test(image) && !image.endsWith(':latest'));
};

const everyContainer: readonly ContainerRule[] = [
  (it) => when(!pinnedImage(it), `has no pinned image: ${textAt(it, 'image') ?? 'none'}`),
  (it) => when(at(it, 'resources.requests.cpu') === undefined, 'requests no cpu'),
  (it) => when(at(it, 'resources.requests.memory') === undefined, 'requests no memory'),
  (it) => when(at(it, 'resources.limits.memory') === undefined, 'has no memory limit'),
];

/** A CPU limit is missing on purpose: throttling stops heartbeats, and a saga without them loses its partitions. */
const ourServices: readonly ContainerRule[] = [
  (it) => when(at(it, 'resources.limits.cpu') !== undefined, 'has a cpu limit, which throttles heartbeats'),
  (it) => when(at(it, 'startupProbe.httpGet.path') !== '/livez', 'needs a startupProbe on /livez'),
  (it) => when(at(it, 'livenessProbe.httpGet.path') !== '/livez', 'needs a livenessProbe on /livez'),
  (it) => when(at(it, 'readinessProbe.httpGet.path') !== '/readyz', 'needs a readinessProbe on /readyz'),
  (it) => when(at(it, 'lifecycle.preStop') === undefined, 'needs a preStop pause'),
  (it) =>
    when(
      at(it, 'securityContext.readOnlyRootFilesystem') !== true,
      'may write to its root file system: readOnlyRootFilesystem',
    ),
];

const podProblems = ({ spec, owner }: PodTemplate): readonly (string | undefined)[] => [
  when(at(spec, 'automountServiceAccountToken') !== false, 'mounts a service account token'),
  when(at(spec, 'enableServiceLinks') !== false, 'gets other services’ addresses as variables'),
  ...['hostNetwork', 'hostPID', 'hostIPC'].map((member) => when(at(spec, member) === true, `uses ${member}`)),
  when(
    listAt(spec, 'volumes').some((volume) => at(volume, 'hostPath') !== undefined),
    'mounts a folder of the host',
  ),
  when(
    owner.kind === 'Job' && at(owner, 'spec.ttlSecondsAfterFinished') === undefined,
    'is a job that stays for ever: ttlSecondsAfterFinished',
  ),
];

const serviceProblems = ({ spec }: PodTemplate): readonly (string | undefined)[] => [
  when(listAt(spec, 'topologySpreadConstraints').length === 0, 'is not spread: topologySpreadConstraints'),
];

/** What breaks a rule of ours in one pod: restricted security, probes, resources, a stop that can finish. */
export const podRuleProblems = (pod: PodTemplate): readonly Problem[] => {
  const rules = [...restricted, ...everyContainer, ...(isService(pod) ? ourServices : [])];
  const found = [
    ...podProblems(pod),
    ...(isService(pod) ? serviceProblems(pod) : []),
    ...pod.containers.flatMap((container) =>
      rules.map((rule) => {
        const what = rule(container, pod);
        return what && `container ${textAt(container, 'name') ?? '?'} ${what}`;
      }),
    ),
  ];
  return found.flatMap((what) => (what === undefined ? [] : [{ where: nameOf(pod.owner), what }]));
};
