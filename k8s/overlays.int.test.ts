import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildOverlays, checkOverlays, type BuiltOverlay } from './check/check-overlays';
import { findKustomize } from './check/kustomize';
import { at, nameOf } from './check/manifest';
import { allowedFlows } from './check/network-flows';
import { unreadVariables } from './check/settings-rules';
import { podTemplates } from './check/pods';
import { processes } from './generate/processes';
import { commandsOf } from '../tests/documents/commands';
import { documents } from '../tests/documents/documents';
import { readKubectl } from '../tests/documents/kubectl';

const k8s = __dirname;
const kustomize = findKustomize(join(k8s, '..', '.stack', 'tools'));
if (kustomize.kind === 'missing') process.stderr.write(`Overlays are not checked: ${kustomize.reason}\n`);

const onKustomize = kustomize.kind === 'found' ? describe : describe.skip;

onKustomize('the overlays', () => {
  if (kustomize.kind === 'missing') return;
  let overlays: readonly BuiltOverlay[] = [];
  let folder = '';
  beforeAll(() => {
    overlays = buildOverlays(kustomize, k8s);
    folder = mkdtempSync(join(tmpdir(), 'k8s-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const manifestsOf = (name: string): BuiltOverlay['manifests'] =>
    overlays.find(({ overlay }) => overlay === name)?.manifests ?? [];

  /** A copy of everything with some text of one or more files changed. */
  const copyWith = (name: string, changes: readonly (readonly [string, string, string])[]): string => {
    const copy = join(folder, name);
    cpSync(k8s, copy, { recursive: true });
    for (const [file, from, to] of changes) {
      const path = join(copy, file);
      const text = readFileSync(path, 'utf8');
      expect(text).toContain(from);
      writeFileSync(path, text.replace(from, to));
    }
    return copy;
  };

  it('are a laptop and production, and every object is valid', () => {
    const checked = checkOverlays(overlays, k8s);
    expect(checked.map(({ overlay }) => overlay)).toEqual(['dev', 'production']);
    expect(checked.flatMap(({ problems }) => problems)).toEqual([]);
  });

  it('hold every object that a document tells kubectl to act on', () => {
    const named = documents
      .flatMap((document) => commandsOf(document, readFileSync(join(k8s, '..', document), 'utf8')))
      .flatMap(({ command }) => command.split(' & ').flatMap((one) => readKubectl(one) ?? []));
    expect(named.length).toBeGreaterThan(10);
    for (const { namespace, objects, label, overlay } of named) {
      const manifests = manifestsOf(namespace === 'flash-sale-dev' ? 'dev' : 'production');
      expect(manifests.map(nameOf)).toEqual(expect.arrayContaining([...objects]));
      if (namespace !== undefined) expect(manifests.map(nameOf)).toContain(`Namespace/${namespace}`);
      if (overlay !== undefined)
        expect(overlays.map((built) => `k8s/overlays/${built.overlay}`)).toContain(overlay);
      const [key = '', value] = label?.split('=') ?? [];
      if (label !== undefined) {
        expect(podTemplates(manifests).map(({ labels }) => labels[key])).toContain(value);
      }
    }
  });

  it('lead from every alert in production to its runbook, by an address that opens', () => {
    const rules = manifestsOf('production').find(({ kind }) => kind === 'PrometheusRule');
    const groups = at(rules, 'spec.groups') as readonly {
      readonly rules: readonly { readonly annotations?: { readonly runbook_url?: string } }[];
    }[];
    const urls = groups.flatMap((group) =>
      group.rules.flatMap((rule) => rule.annotations?.runbook_url ?? []),
    );
    expect(urls.length).toBeGreaterThan(20);
    expect(urls.filter((url) => !/^https:\/\/\S+\/docs\/OPERATIONS\.md#[a-z]+$/.test(url))).toEqual([]);
  });

  it('fail the check with a planted fault, each overlay that holds it', () => {
    const faulty = copyWith('faulty', [
      ['base/saga/deployment.yaml', 'containerPort: 9101', 'containerPort: http'],
      ['components/hardened/every-pod.yaml', 'runAsNonRoot: true', 'runAsNonRoot: false'],
    ]);
    const found = checkOverlays(buildOverlays(kustomize, faulty), faulty).flatMap(({ overlay, problems }) =>
      problems.map(({ where, what }) => `${overlay} ${where}: ${what}`),
    );
    expect(found).toEqual(
      expect.arrayContaining([
        expect.stringContaining(
          'dev Deployment/saga: /spec/template/spec/containers/0/ports/0/containerPort',
        ),
        expect.stringContaining('production Deployment/query-api: container app may run as root'),
      ]),
    );
  });

  it('do not build with a resource that is not there', () => {
    const broken = copyWith('broken', [['base/kustomization.yaml', '- saga', '- sagas']]);
    expect(() => buildOverlays(kustomize, broken)).toThrow('does not build');
  });

  it.each(['dev', 'production'])('%s sets no variable that nobody reads', (name) => {
    expect(unreadVariables(manifestsOf(name), processes)).toEqual([]);
  });

  it('scale consumers to one replica for each partition, and no further', () => {
    const all = manifestsOf('production');
    const settings = all.map((manifest) => at(manifest, 'data.ORDER_PARTITIONS'));
    const partitions = Number(settings.find((value) => value !== undefined));
    const scaled = all.filter(({ kind }) => kind === 'ScaledObject');
    expect(scaled.map(({ metadata }) => metadata.name).sort()).toEqual(['projector', 'saga']);
    for (const object of scaled) expect(at(object, 'spec.maxReplicaCount')).toBe(partitions);
  });

  it('let pods of the laptop overlay talk along the arrows of the architecture, and no other way', () => {
    const flows = allowedFlows(manifestsOf('dev')).map(({ from, to, port }) => `${from} → ${to}:${port}`);
    expect([...new Set(flows)].sort()).toEqual([
      'command-api → kafka:9092',
      'command-api → postgres:5432',
      'command-api → redis:6379',
      'command-api → schema-registry:8081',
      'migrations → postgres:5432',
      'projector → kafka:9092',
      'projector → postgres:5432',
      'projector → schema-registry:8081',
      'query-api → kafka:9092',
      'query-api → postgres:5432',
      'query-api → redis:6379',
      'saga → kafka:9092',
      'saga → payment-simulator:9103',
      'saga → redis:6379',
      'saga → schema-registry:8081',
      'schema-registry → kafka:9092',
      'schemas → kafka:9092',
      'schemas → schema-registry:8081',
    ]);
  });

  it('keep all pods of the production overlay apart: its servers are elsewhere or Strimzi’s', () => {
    expect(allowedFlows(manifestsOf('production'))).toEqual([]);
  });
});
