import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../stack/project-root';

interface Locked {
  readonly version: string;
  readonly integrity?: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly devOptional?: boolean;
  readonly hasInstallScript?: boolean;
}

const lock = JSON.parse(readFileSync(join(projectRoot(), 'package-lock.json'), 'utf8')) as {
  readonly packages: Readonly<Record<string, Locked>>;
};

/** What the image holds beside our own code. */
const shipped = Object.entries(lock.packages)
  .filter(([path, { dev, devOptional }]) => path !== '' && dev !== true && devOptional !== true)
  .map(([path, locked]) => ({ name: path.replace(/^.*node_modules\//, ''), ...locked }));

const namesOf = (some: typeof shipped): readonly string[] => some.map(({ name }) => name).sort();

describe('the packages that are shipped', () => {
  it('are asked for by as many direct dependencies as docs/SECURITY.md says', () => {
    const { dependencies } = JSON.parse(readFileSync(join(projectRoot(), 'package.json'), 'utf8')) as {
      readonly dependencies: Readonly<Record<string, string>>;
    };
    const said = /(\d+) direct runtime packages/.exec(
      readFileSync(join(projectRoot(), 'docs/SECURITY.md'), 'utf8'),
    );
    expect(Number(said?.[1])).toBe(Object.keys(dependencies).length);
  });

  it('are locked by a hash, each of them', () => {
    expect(shipped.length).toBeGreaterThan(50);
    expect(namesOf(shipped.filter(({ integrity }) => !integrity?.startsWith('sha512-')))).toEqual([]);
  });

  it('run no script when they are installed, but for one that only prints', () => {
    // protobufjs compares the version that its dependent asked for with its own and prints a warning.
    expect(namesOf(shipped.filter(({ hasInstallScript }) => hasInstallScript === true))).toEqual([
      'protobufjs',
    ]);
  });

  it('may be given away: each has a permissive licence', () => {
    const permissive = new Set(['MIT', 'ISC', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD']);
    const other = shipped.filter(({ license }) => license === undefined || !permissive.has(license));
    // It is MIT by its LICENSE file; its package.json does not say.
    expect(namesOf(other)).toEqual(['@kafkajs/confluent-schema-registry']);
  });
});
