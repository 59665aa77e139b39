"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.withFault = exports.sampleManifests = void 0;
const container = {
    name: 'app',
    image: 'flash-sale:1',
    ports: [{ name: 'http', containerPort: 8080 }],
    envFrom: [{ configMapRef: { name: 'settings' } }],
    resources: { requests: { cpu: '1', memory: '64Mi' }, limits: { memory: '64Mi' } },
    securityContext: {
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
    },
    startupProbe: { httpGet: { path: '/livez', port: 'http' } },
    livenessProbe: { httpGet: { path: '/livez', port: 'http' } },
    readinessProbe: { httpGet: { path: '/readyz', port: 'http' } },
    lifecycle: { preStop: { sleep: { seconds: 5 } } },
};
const labels = { 'app.kubernetes.io/part-of': 'flash-sale', 'app.kubernetes.io/name': 'saga' };
/** A service without a fault, for tests to plant one in. */
const sampleManifests = () => [
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' }, data: { SHUTDOWN_TIMEOUT: '30s' } },
    {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: 'saga' },
        spec: {
            selector: { matchLabels: { 'app.kubernetes.io/name': 'saga' } },
            template: {
                metadata: { labels: { ...labels } },
                spec: {
                    automountServiceAccountToken: false,
                    enableServiceLinks: false,
                    terminationGracePeriodSeconds: 45,
                    securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
                    topologySpreadConstraints: [
                        { maxSkew: 1, topologyKey: 'kubernetes.io/hostname', whenUnsatisfiable: 'ScheduleAnyway' },
                    ],
                    containers: [structuredClone(container)],
                },
            },
        },
    },
    {
        apiVersion: 'policy/v1',
        kind: 'PodDisruptionBudget',
        metadata: { name: 'saga' },
        spec: { maxUnavailable: 1, selector: { matchLabels: { 'app.kubernetes.io/name': 'saga' } } },
    },
];
exports.sampleManifests = sampleManifests;
/** The samples with the member at `path` (steps by dots) of the object `kind` set, or removed by `undefined`. */
const withFault = (kind, path, value) => {
    const manifests = structuredClone((0, exports.sampleManifests)());
    const steps = path.split('.');
    const last = steps.pop() ?? '';
    const owner = manifests.find((manifest) => manifest.kind === kind);
    const parent = steps.reduce((inner, step) => inner[step], owner);
    parent[last] = value;
    return structuredClone(manifests);
};
exports.withFault = withFault;
//# sourceMappingURL=sample-manifests.js.map