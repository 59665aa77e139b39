import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type CompiledQuery,
  type DatabaseConnection,
  type Migration,
} from 'kysely';
import { migrations } from './migrations';

/** The digest of each migration that was ever published, oldest first. */
const published = JSON.parse(readFileSync(join(__dirname, 'published.json'), 'utf8')) as Readonly<
  Record<string, string>
>;

/** Keeps what it is asked to run, and says of every table that it is there. */
class Recorder extends DummyDriver {
  readonly statements: string[] = [];

  override async acquireConnection(): Promise<DatabaseConnection> {
    return {
      executeQuery: async ({ sql, parameters }: CompiledQuery) => {
        this.statements.push(`${sql.replace(/\s+/g, ' ').trim()} ${JSON.stringify(parameters)}`);
        return { rows: [{ known: true }] as never[] };
      },
      streamQuery: () => {
        throw new Error('a migration streams nothing');
      },
    };
  }
}

/** Of the statements that a migration runs, whatever file they come from. */
const digestOf = async (migration: Migration): Promise<string> => {
  const recorder = new Recorder();
  const db = new Kysely<unknown>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => recorder,
      createIntrospector: (of) => new PostgresIntrospector(of),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  });
  await migration.up(db);
  return createHash('sha256').update(recorder.statements.join('\n')).digest('hex');
};

const digests = async (): Promise<readonly (readonly [string, string])[]> =>
  Promise.all(
    Object.entries(migrations).map(async ([name, migration]) => [name, await digestOf(migration)] as const),
  );

describe('the migrations', () => {
  it('run what they ran when they were published: a mistake is mended by the next number', async () => {
    const now = new Map(await digests());
    const edited = Object.entries(published).filter(([name, digest]) => now.get(name) !== digest);
    expect(edited.map(([name]) => name)).toEqual([]);
  });

  it('stand in the order of published.json, to which each new one is appended with its digest', async () => {
    expect((await digests()).map(([name, digest]) => ({ [name]: digest }))).toEqual(
      Object.entries(published).map(([name, digest]) => ({ [name]: digest })),
    );
  });
});
