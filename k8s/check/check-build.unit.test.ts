import { join } from 'node:path';
import { createSchemaCheck } from './api-schema';
import { checkBuild } from './check-build';
import type { Manifest } from './manifest';
import { sampleManifests, withFault } from './sample-manifests';

const checkSchema = createSchemaCheck(join(__dirname, '..', 'schemas'));

const faultsOf = (manifests: readonly Manifest[], expected: readonly string[] = []): readonly string[] =>
  checkBuild(manifests, checkSchema, expected).map(({ where, what }) => `${where}: ${what}`);

const pod = 'spec.template.spec';
const app = `${pod}.containers.0`;

describe('the check of a build', () => {
  it('finds nothing in a service without a fault', () => {
    expect(faultsOf(sampleManifests())).toEqual([]);
  });

  it.each([
    ['a misspelt field', `${app}.livenesProbe`, {}, 'has no member livenesProbe'],
    ['text in place of a number', 'spec.replicas', 'two', '/spec/replicas must be integer'],
    ['an impossible quantity', `${app}.resources.limits.memory`, '64 MB', 'must match pattern'],
    ['a missing required member', 'spec.selector', undefined, 'must have required property'],
    [
      'two variables of one name',
      `${app}.env`,
      [{ name: 'A' }, { name: 'A' }],
      'two entries with the same key',
    ],
    ['a pod that may be root', `${pod}.securityContext.runAsNonRoot`, false, 'may run as root'],
    ['a capability', `${app}.securityContext.capabilities.add`, ['NET_ADMIN'], 'must drop ALL'],
    [
      'privilege escalation',
      `${app}.securityContext.allowPrivilegeEscalation`,
      true,
      'allowPrivilegeEscalation',
    ],
    ['a writable root', `${app}.securityContext.readOnlyRootFilesystem`, false, 'readOnlyRootFilesystem'],
    [
      'a folder of the host',
      `${pod}.volumes`,
      [{ name: 'v', hostPath: { path: '/' } }],
      'folder of the host',
    ],
    ['a token', `${pod}.automountServiceAccountToken`, true, 'service account token'],
    ['a floating image', `${app}.image`, 'flash-sale:latest', 'no pinned image'],
    ['an image without a tag', `${app}.image`, 'registry:5000/flash-sale', 'no pinned image'],
    ['no memory limit', `${app}.resources.limits`, undefined, 'no memory limit'],
    ['a cpu limit', `${app}.resources.limits.cpu`, '1', 'cpu limit'],
    ['a wrong probe', `${app}.readinessProbe.httpGet.path`, '/health', 'readinessProbe on /readyz'],
    ['a hurried stop', `${pod}.terminationGracePeriodSeconds`, 35, 'killed after 35000 ms'],
    ['a lost settings map', `${app}.envFrom.0.configMapRef.name`, 'other', 'missing ConfigMap other'],
    ['a lost secret', `${pod}.volumes`, [{ name: 'v', secret: { secretName: 's' } }], 'missing Secret s'],
    [
      'a selector that misses its pods',
      'spec.selector.matchLabels',
      { 'app.kubernetes.io/name': 'other' },
      'does not select its own pods',
    ],
  ])('finds %s', (_fault, path, value, message) => {
    expect(faultsOf(withFault('Deployment', path, value))).toEqual(
      expect.arrayContaining([expect.stringContaining(message)]),
    );
  });

  it('finds a budget that protects nobody', () => {
    const faults = faultsOf(withFault('PodDisruptionBudget', 'spec.selector', { matchLabels: { a: 'b' } }));
    expect(faults).toEqual(['PodDisruptionBudget/saga: selects no pod']);
  });

  it('finds a shutdown timeout that outgrew the grace period', () => {
    expect(faultsOf(withFault('ConfigMap', 'data.SHUTDOWN_TIMEOUT', '1m'))).toEqual([
      expect.stringContaining('preStop and SHUTDOWN_TIMEOUT take 65000 ms'),
    ]);
  });

  it('finds an object that is there twice and a kind it does not know', () => {
    const samples = sampleManifests();
    const stranger = { apiVersion: 'example.com/v1', kind: 'Thing', metadata: { name: 'x' } };
    expect(faultsOf([...samples, samples[0]!, stranger])).toEqual([
      'Thing/x: example.com/v1/Thing is not a kind in k8s/schemas',
      'v1/ConfigMap/settings: is there twice',
    ]);
  });

  it('takes a secret as given that is said to be made elsewhere', () => {
    const volumes = [{ name: 'v', secret: { secretName: 's' } }];
    expect(faultsOf(withFault('Deployment', `${pod}.volumes`, volumes), ['s'])).toEqual([]);
  });
});
