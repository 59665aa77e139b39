import { sql, type Kysely } from 'kysely';
import { deadLettersV1 } from './views/dead-letters-v1';
import { itemsV1 } from './views/items-v1';
import { ordersV1 } from './views/orders-v1';
import { viewSchemas } from './views/view-shape';

/**
 * Why: the read model, in a schema that a rebuild can replace as a whole. `view_generations` says which version of
 * a view's shape stands in which schema, so that a process of another release never writes into it.
 */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  for (const schema of viewSchemas) await sql.raw(`create schema ${schema}`).execute(db);
  await sql`
    create table view_generations (
      view text not null,
      schema text not null,
      version integer not null,
      primary key (view, schema)
    )`.execute(db);
  for (const shape of [ordersV1, itemsV1, deadLettersV1]) {
    for (const statement of [...shape.create('views'), ...shape.createIndexes('views')]) {
      await sql.raw(statement).execute(db);
    }
    await sql`insert into view_generations values (${shape.view}, 'views', ${shape.version})`.execute(db);
  }
};
