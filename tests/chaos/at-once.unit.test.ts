import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runAtOnce } from './at-once';
import { scenarioNamed } from './scenarios/all';

/** Waits until all runs that may go at the same time have begun, then says a verdict; the seed `mute` ends without. */
const stand = `
const { appendFileSync, readdirSync, writeFileSync } = require('node:fs');
const { FOLDER, SEED } = process.env;
writeFileSync(FOLDER + '/begun-' + SEED, '');
const begun = () => readdirSync(FOLDER).filter((name) => name.startsWith('begun-')).length;
const endsAt = Date.now() + 10000;
const look = () => {
  if (begun() < 2 && Date.now() < endsAt) return setTimeout(look, 10);
  if (SEED === 'mute') process.exit(3);
  const verdict = begun() < 2 ? 'alone' : 'clean';
  const line = { scenario: process.argv[2], seed: SEED, at: Date.now(), verdict, anomalies: {} };
  appendFileSync(FOLDER + '/results.jsonl', JSON.stringify(line) + '\\n');
};
look();
`;

describe('runs at the same time', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'at-once-'));
    writeFileSync(join(folder, 'stand.js'), stand);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('each has a supervisor of its own, and one that ends without a verdict is not left out', async () => {
    const scenario = scenarioNamed('calm', 1)!;
    const jobs = ['1', 'mute', '3'].map((seed) => ({ scenario, seed }));
    const said: string[] = [];
    const results = await runAtOnce(jobs, {
      runsMax: 2,
      folder,
      commit: 'abc',
      main: join(folder, 'stand.js'),
      minutes: 1,
      print: (line) => said.push(line),
    });
    const bySeed = Object.fromEntries(results.map(({ seed, verdict }) => [seed, verdict]));
    expect(bySeed).toEqual({ '1': 'clean', mute: 'no verdict', '3': 'clean' });
    expect(said.join()).toContain("calm seed mute: NO VERDICT: the run's supervisor ended with 3");
  }, 30_000);
});
