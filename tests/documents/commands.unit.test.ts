import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../stack/project-root';
import { commandsOf } from './commands';
import { documents } from './documents';
import { notRun } from './not-run';

const root = projectRoot();
const testFiles = readdirSync(root, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !/^(\.|node_modules$|dist$)/.test(entry.name))
  .flatMap(({ name }) =>
    readdirSync(join(root, name), { recursive: true, encoding: 'utf8' }).map((file) => join(name, file)),
  )
  .filter((file) => file.endsWith('.test.ts'));
const all = documents.flatMap((document) => commandsOf(document, readFileSync(join(root, document), 'utf8')));

it('finds commands in blocks, over several lines, and in sentences', () => {
  const markdown = [
    'Say `make health`, then:',
    '```sh',
    'make seed    # three items',
    '# a remark',
    "curl -s x \\\n  -d '{}'",
    '```',
    'and `make up` or `node`, then `RATE=5 make',
    'bench` or `node dist/x.js --live` and `kubectl`, `make`.',
  ].join('\n');
  expect(commandsOf('x', markdown).map(({ command }) => command)).toEqual([
    'make health',
    'make seed',
    "curl -s x -d '{}'",
    'make up',
    'RATE=5 make bench',
    'node dist/x.js --live',
  ]);
});

it('knows what a document says that a command prints', () => {
  const markdown = '```sh\ncurl -s x\n# {"status":"PENDING"}\n\nmake seed\n# three items\n```\n';
  expect(commandsOf('x', markdown)).toEqual([
    { document: 'x', command: 'curl -s x', answer: '{"status":"PENDING"}' },
    { document: 'x', command: 'make seed' },
  ]);
  expect(all.filter(({ answer }) => answer !== undefined).length).toBeGreaterThanOrEqual(2);
});

it('every target that a document names is in the Makefile', () => {
  const makefile = readFileSync(join(root, 'Makefile'), 'utf8');
  const targets = new Set(Array.from(makefile.matchAll(/^([a-z0-9-]+):/gm), (match) => match[1]));
  const named = all.flatMap(({ command }) => /(?:^| )make ([a-z0-9-]+)/.exec(command)?.[1] ?? []);
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter((target) => !targets.has(target))).toEqual([]);
});

it('every program of ours that a document names is compiled from a source that is there', () => {
  const named = all.flatMap(({ command }) =>
    Array.from(command.matchAll(/node (dist\/\S+)\.js/g), ([, path]) => path),
  );
  expect(named.length).toBeGreaterThan(5);
  expect(named.filter((path) => !existsSync(join(root, `${path?.replace('dist/', '')}.ts`)))).toEqual([]);
});

it('every call of jest that a document names finds a test of its kind', () => {
  const calls = all.filter(({ command }) => command.includes('npx jest '));
  expect(calls.length).toBeGreaterThan(10);
  const empty = calls.filter(({ command }) => {
    const kind = /--selectProjects (\w+)/.exec(command)?.[1] ?? '';
    const words = command
      .replace(/^.*npx jest /, '')
      .replaceAll(/--selectProjects \w+|--testPathPatterns/g, '');
    const wanted = words.split(' ').filter(Boolean);
    const found = testFiles.filter((file) => file.endsWith(`.${kind}.test.ts`));
    return !wanted
      .concat(wanted.length === 0 ? [''] : [])
      .every((word) => found.some((file) => file.includes(word)));
  });
  expect(empty.map(({ command }) => command)).toEqual([]);
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
