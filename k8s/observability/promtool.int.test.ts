import { spawnSync } from 'node:child_process';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../stack/project-root';
import { temporaryFolder } from '../../tests/support/temporary-folder';
import { dashboards } from '../generate/files';
import { expressionsOf } from './expressions';
import { findPrometheusTool } from './prometheus-tools';

const folder = join(__dirname, 'prometheus');
const promtool = findPrometheusTool('promtool', join(projectRoot(), '.stack', 'tools'));
if (promtool === undefined) process.stderr.write('Alert rules are not run: promtool is missing.\n');

const onPromtool = promtool === undefined ? describe.skip : describe;

const run = (...args: readonly string[]): { readonly status: number | null; readonly said: string } => {
  const { status, stdout, stderr } = spawnSync(promtool ?? '', args, { encoding: 'utf8', timeout: 50_000 });
  return { status, said: stdout + stderr };
};

const filesOf = (name: string): readonly string[] =>
  readdirSync(join(folder, name)).map((file) => join(folder, name, file));

onPromtool('promtool', () => {
  const temporary = temporaryFolder();
  afterAll(() => rmSync(temporary, { recursive: true, force: true }));

  it('accepts the rule files and the configurations', () => {
    expect(run('check', 'rules', ...filesOf('rules'))).toMatchObject({ status: 0 });
    expect(run('check', 'config', join(folder, 'prometheus.local.yml'))).toMatchObject({ status: 0 });
    expect(run('check', 'config', '--syntax-only', join(folder, 'prometheus.compose.yml'))).toMatchObject({
      status: 0,
    });
  });

  it('can read every expression of every dashboard', () => {
    const asRules = {
      groups: dashboards.map((dashboard) => ({
        name: dashboard.uid,
        rules: expressionsOf(dashboard).map((expression) => ({
          record: 'panel:value',
          expr: expression.replaceAll('$__rate_interval', '1m'),
        })),
      })),
    };
    const file = join(temporary, 'panels.yaml');
    // YAML takes JSON as it is.
    writeFileSync(file, JSON.stringify(asRules));
    expect(run('check', 'rules', '--lint=none', file)).toMatchObject({ status: 0 });
  });

  it.each(filesOf('tests'))('sees every alert of %s fire and stay silent as it should', (file) => {
    const { status, said } = run('test', 'rules', file);
    expect({ status, said }).toMatchObject({ status: 0, said: expect.stringContaining('SUCCESS') });
  });
});
