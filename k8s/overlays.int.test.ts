import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { buildOverlays, checkOverlays, type BuiltOverlay } from './check/check-overlays';
import { findKustomize } from './check/kustomize';
import { readSettings } from '../chassis/config';
import { authSettings } from '../chassis/settings';
import { at, nameOf, selects } from './check/manifest';
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
    // Copies find it beside themselves, as the base does.
    cpSync(join(k8s, '..', 'reconcile'), join(folder, 'reconcile'), { recursive: true });
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
    const made = named.map(({ created }) => created);
    for (const { namespace, objects, label, overlay } of named) {
      const manifests = manifestsOf(namespace === 'flash-sale-dev' ? 'dev' : 'production');
      const expected = objects.filter((name) => !made.includes(name));
      expect(manifests.map(nameOf)).toEqual(expect.arrayContaining(expected));
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
      'reconcile → kafka:9092',
      'reconcile → payment-simulator:9103',
      'reconcile → postgres:5432',
      'reconcile → redis:6379',
      'reconcile → schema-registry:8081',
      'replay → kafka:9092',
      'replay → postgres:5432',
      'replay → schema-registry:8081',
      'saga → kafka:9092',
      'saga → payment-simulator:9103',
      'saga → redis:6379',
      'saga → schema-registry:8081',
      'schema-registry → kafka:9092',
      'schemas → kafka:9092',
      'schemas → schema-registry:8081',
    ]);
  });

  it('let nobody buy in another’s name in production, and reach whoever signs the tokens', () => {
    const all = manifestsOf('production');
    const shared = all.find((manifest) => at(manifest, 'data.AUTH_MODE') !== undefined);
    const given = Object.fromEntries(
      Object.entries(at(shared, 'data') ?? {}).filter(([name]) => /^(AUTH|JWT)_/.test(name)),
    );
    expect(readSettings(authSettings, given)).toMatchObject({ AUTH_MODE: 'jwt' });
    const policy = all.find(({ metadata }) => metadata.name === 'to-issuer');
    const users = podTemplates(all).filter(({ labels }) => selects(at(policy, 'spec.podSelector'), labels));
    expect(users.map(({ owner }) => owner.metadata.name).sort()).toEqual(['command-api', 'query-api']);
  });

  it('let every pod in production out to what it says it uses', () => {
    const all = manifestsOf('production');
    const used = podTemplates(all).flatMap(({ labels }) =>
      Object.keys(labels).flatMap((label) => /^flash-sale\/uses-(.*)$/.exec(label)?.[1] ?? []),
    );
    expect(new Set(used).size).toBe(6);
    for (const server of used) {
      const policy = all.find(({ metadata }) => metadata.name === `to-${server}`);
      expect([server, at(policy, 'spec.egress.0.to.0')]).toEqual([server, expect.anything()]);
    }
  });

  it('is read by the Prometheus that chooses by a label', () => {
    const read = manifestsOf('production').filter(({ kind }) => /^(PodMonitor|PrometheusRule)$/.test(kind));
    expect(read.map(({ metadata }) => metadata.labels?.['release'])).toEqual([
      'kube-prometheus-stack',
      'kube-prometheus-stack',
    ]);
  });

  it('hold reconcile whole: from the files of its two maps it starts', () => {
    const maps = manifestsOf('production').filter(({ metadata }) => /^reconcile-/.test(metadata.name));
    const folders = maps.map((map) => {
      const target = join(folder, /reading/.test(map.metadata.name) ? 'reading' : 'judge');
      mkdirSync(target);
      for (const [name, text] of Object.entries(at(map, 'data') as Record<string, string>))
        writeFileSync(join(target, name), text);
      return target;
    });
    expect(folders.map((path) => basename(path)).sort()).toEqual(['judge', 'reading']);
    for (const source of ['reconcile', 'reconcile/reading']) {
      const files = readdirSync(join(k8s, '..', source)).filter((file) => file.endsWith('.py'));
      const copies = readdirSync(join(folder, source === 'reconcile' ? 'judge' : 'reading'));
      expect(copies.sort()).toEqual(files.sort());
    }
    const environment = { ...process.env, PYTHONPATH: join(folder, 'reading'), PYTHONDONTWRITEBYTECODE: '1' };
    const run = spawnSync('python3', [join(folder, 'judge'), '--help'], {
      encoding: 'utf8',
      env: environment,
    });
    if (run.error === undefined)
      expect(run).toMatchObject({ status: 0, stdout: expect.stringMatching(/--settle/) });
  });

  it('keep all pods of the production overlay apart: its servers are elsewhere or Strimzi’s', () => {
    expect(allowedFlows(manifestsOf('production'))).toEqual([]);
  });
});
