import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../stack/project-root';
import { plantedBugs } from './planted/bugs';
import { shippedFolders } from './shipped-folders';

const dist = join(projectRoot(), 'dist');

const compiled = shippedFolders.flatMap((folder) =>
  readdirSync(join(dist, folder), { recursive: true, encoding: 'utf8' })
    // Contract suites are not compiled any more; an older build may have left some behind.
    .filter((name) => /\.(js|lua|json)$/.test(name) && !name.endsWith('.contract.js'))
    .map((name) => join(dist, folder, name)),
);

describe('the compiled services', () => {
  it('hold no failpoint, no planted bug, and nothing of tests/', () => {
    const words = ['FAILPOINT', 'SIGUSR2', 'tests/', ...plantedBugs().map(({ name }) => name)];
    const found = compiled.flatMap((file) => {
      const text = readFileSync(file, 'utf8');
      return words.filter((word) => text.includes(word)).map((word) => `${word} in ${file}`);
    });
    expect(compiled.length).toBeGreaterThan(100);
    expect(found).toEqual([]);
  });

  it('can carry every planted bug: its entry point is compiled beside them', () => {
    const names = readdirSync(join(dist, 'tests', 'chaos', 'planted'));
    for (const { name } of plantedBugs()) expect(names).toContain(`${name}.js`);
  });
});
