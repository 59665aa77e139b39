import { appendFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { committedFolder, keepResults } from './committed';
import { readPlanted } from './planted/results';
import { readResults, type ResultLine } from './results';
import { earlierVerdict } from './resume';

const line = (changes: Partial<ResultLine>): ResultLine => ({
  scenario: 'random',
  title: '',
  bound: '',
  seed: '1',
  commit: 'abc',
  at: 1,
  node: '',
  machine: '',
  load: 0,
  ordersPerSecond: 30,
  seconds: 60,
  verdict: 'clean',
  anomalies: {},
  counts: {},
  recoveries: [],
  growths: [],
  ...changes,
});

describe('results that are kept', () => {
  let root: string;
  let folder: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'kept-'));
    folder = join(root, 'runs');
    mkdirSync(join(folder, 'random-2'), { recursive: true });
    mkdirSync(join(root, 'docs', 'images'), { recursive: true });
  });
  afterEach(() => rmSync(root, { recursive: true }));
  const add = (name: string, one: object): void =>
    appendFileSync(join(folder, name), `${JSON.stringify(one)}\n`);

  it('accumulate over sittings, each once, with the plot of the last one', () => {
    add('results.jsonl', line({}));
    expect(keepResults(root, folder)).toBe(1);
    add('results.jsonl', line({ seed: '2', at: 2 }));
    add('planted.jsonl', { name: 'a-b', seed: '1', at: 3, found: ['oversell'] });
    add('planted.jsonl', { name: 'a-b', seed: '2', at: 4, found: [] });
    writeFileSync(join(folder, 'random-2', 'plot.svg'), '<svg/>');
    expect(keepResults(root, folder)).toBe(3);
    expect(keepResults(root, folder)).toBe(0);
    expect(readResults(committedFolder(root)).map(({ seed }) => seed)).toEqual(['1', '2']);
    expect(readPlanted(committedFolder(root))).toMatchObject([{ seed: '2', found: [] }]);
    expect(existsSync(join(root, 'docs', 'images', 'chaos-random.svg'))).toBe(true);
  });

  it('say what need not be run again: the same run of the same program with a verdict', () => {
    const wanted = { scenario: 'random', seed: '1', seconds: 60, ordersPerSecond: 30 };
    const find = (changes: Partial<ResultLine>) =>
      earlierVerdict([line(changes)], wanted, (commit) => commit === 'abc');
    expect(find({})).toBeDefined();
    expect(find({ verdict: 'anomalies' })).toBeDefined();
    expect(find({ verdict: 'no verdict' })).toBeUndefined();
    expect(find({ verdict: 'cannot tell' })).toBeUndefined();
    expect(find({ commit: 'def' })).toBeUndefined();
    expect(find({ seed: '2' })).toBeUndefined();
    expect(find({ seconds: 1_800 })).toBeUndefined();
    expect(find({ ordersPerSecond: 300 })).toBeUndefined();
  });
});
