import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../stack/project-root';
import { documents } from './documents';

/** The targets that people and scripts outside of this repository rely on. */
const promised =
  'help install build up down restart ps logs demo test test-unit test-int test-e2e lint seed seed-item health metrics ' +
  'inventory order-status test-order test-idempotency replay dlq reconcile schemas-check k8s-validate bench chaos ' +
  'test-chaos console clean rebuild';

const root = projectRoot();
const makefile = readFileSync(join(root, 'Makefile'), 'utf8');
const { stdout } = spawnSync('make', ['help'], { cwd: root, encoding: 'utf8' });
const explained = [...stdout.matchAll(/^ {2}([a-z0-9-]+) +\S/gm)].map(([, name]) => name);

describe('make help', () => {
  it.each(promised.split(' '))('explains %s', (name) => expect(explained).toContain(name));

  it('explains every target, none of which is taken for a file', () => {
    const phony = [...makefile.matchAll(/^\.PHONY:((?:.*\\\n)*.*)$/gm)].flatMap(([, names = '']) =>
      names.split(/[\s\\]+/).filter(Boolean),
    );
    expect([...explained].sort()).toEqual([...phony].sort());
  });

  it('knows every target that a document names', () => {
    const named = documents.flatMap((document) => {
      const text = readFileSync(join(root, document), 'utf8');
      return [...text.matchAll(/`(?:[A-Z_]+=\S+ )*make ([a-z][a-z0-9-]*)/g)].map(([, name]) => name);
    });
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((name) => !explained.includes(name))).toEqual([]);
  });
});
