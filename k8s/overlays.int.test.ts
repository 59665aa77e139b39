import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkOverlays } from './check/check-overlays';
import { findKustomize } from './check/kustomize';

const k8s = __dirname;
const kustomize = findKustomize(join(k8s, '..', '.stack', 'tools'));
if (kustomize.kind === 'missing') process.stderr.write(`Overlays are not checked: ${kustomize.reason}\n`);

const onKustomize = kustomize.kind === 'found' ? describe : describe.skip;

onKustomize('the overlays', () => {
  if (kustomize.kind === 'missing') return;
  const folder = mkdtempSync(join(tmpdir(), 'k8s-'));
  beforeAll(() => cpSync(k8s, folder, { recursive: true }));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const change = (file: string, from: string, to: string): void => {
    const path = join(folder, file);
    const text = readFileSync(path, 'utf8');
    expect(text).toContain(from);
    writeFileSync(path, text.replace(from, to));
  };
  const faults = (): readonly string[] =>
    checkOverlays(kustomize, folder).flatMap(({ overlay, problems }) =>
      problems.map(({ where, what }) => `${overlay} ${where}: ${what}`),
    );

  it('build, and every object is valid', () => {
    const checked = checkOverlays(kustomize, k8s);
    expect(checked.map(({ overlay }) => overlay)).toEqual(['dev', 'production']);
    expect(checked.flatMap(({ problems }) => problems)).toEqual([]);
  });

  it('fail the check with a planted fault, in every overlay that holds it', () => {
    change('base/saga/deployment.yaml', 'containerPort: 9101', 'containerPort: http');
    change('components/hardened/every-pod.yaml', 'runAsNonRoot: true', 'runAsNonRoot: false');
    const found = faults();
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
    change('base/kustomization.yaml', '- saga', '- sagas');
    expect(() => faults()).toThrow('does not build');
  });
});
