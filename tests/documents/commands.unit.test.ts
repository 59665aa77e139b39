import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../stack/project-root';
import { commandsOf } from './commands';
import { documents } from './documents';
import { notRun } from './not-run';

const root = projectRoot();
const all = documents.flatMap((document) => commandsOf(document, readFileSync(join(root, document), 'utf8')));

it('finds commands in blocks, over several lines, and in sentences', () => {
  const markdown = [
    'Say `make health`, then:',
    '```sh',
    'make seed    # three items',
    '# a remark',
    "curl -s x \\\n  -d '{}'",
    '```',
    'and `make up` or `node`.',
  ].join('\n');
  expect(commandsOf('x', markdown).map(({ command }) => command)).toEqual([
    'make health',
    'make seed',
    "curl -s x -d '{}'",
    'make up',
  ]);
});

it('every target that a document names is in the Makefile', () => {
  const makefile = readFileSync(join(root, 'Makefile'), 'utf8');
  const targets = new Set(Array.from(makefile.matchAll(/^([a-z0-9-]+):/gm), (match) => match[1]));
  const named = all.flatMap(({ command }) => /(?:^| )make ([a-z0-9-]+)/.exec(command)?.[1] ?? []);
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter((target) => !targets.has(target))).toEqual([]);
});

it('nothing is named as not run that no document has', () => {
  const stale = notRun.filter(({ pattern }) => !all.some(({ command }) => pattern.test(command)));
  expect(stale.map(({ pattern }) => String(pattern))).toEqual([]);
});

it('every link of the documents leads to a file', () => {
  const broken = documents.flatMap((document) => {
    const markdown = readFileSync(join(root, document), 'utf8');
    const links = Array.from(markdown.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g), (match) => match[1] ?? '');
    return links
      .filter((link) => !link.includes(':'))
      .filter((link) => !existsSync(join(root, document, '..', link)))
      .map((link) => `${document}: ${link}`);
  });
  expect(broken).toEqual([]);
});
