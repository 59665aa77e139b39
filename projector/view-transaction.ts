import type { ClientBase, Pool } from 'pg';
import { InfrastructureError } from '../chassis/kafka/log';
import type { ViewSchema } from '../migrations/views/view-shape';
import type { FoldedBatch, Written } from './batch';
import { moveCursors, type ViewTable } from './cursors';

/** Steps of a batch at which tests stop or kill a process. */
export type WriterStep = 'before-commit' | 'after-commit';

export interface TransactionOptions {
  readonly pool: Pool;
  readonly projection: ViewTable;
  readonly schema: ViewSchema;
  /**
   * `lazy` does not wait for the disk: a crash of PostgreSQL may undo the last batches, rows and cursors together. Good
   * for tables that nobody reads yet; a reader of live ones would see orders go back.
   */
  readonly durability?: 'immediate' | 'lazy';
  /** Called inside the transaction, before it commits. */
  readonly announce?: (client: ClientBase, folded: FoldedBatch, written: Written) => Promise<void>;
  readonly atStep?: (step: WriterStep) => Promise<void> | void;
}

/** `elsewhere`: rolled back, because somebody else has moved a cursor of the batch. */
export type Transacted =
  { readonly kind: 'written'; readonly written: Written } | { readonly kind: 'elsewhere' };

const inTransaction = async (
  client: ClientBase,
  options: TransactionOptions,
  folded: FoldedBatch,
): Promise<Transacted> => {
  const { projection, schema } = options;
  await client.query(options.durability === 'lazy' ? 'begin; set local synchronous_commit to off' : 'begin');
  const moved = await moveCursors(client, projection, schema, folded.moves);
  switch (moved) {
    case 'elsewhere':
      await client.query('rollback');
      return { kind: 'elsewhere' };
    case 'other-version':
      throw new InfrastructureError(
        `view ${projection.view} in ${schema} is not of version ${projection.version}: make replay VIEW=${projection.view} builds it`,
      );
    case 'moved': {
      const written = await folded.write(client, schema);
      await options.announce?.(client, folded, written);
      await options.atStep?.('before-commit');
      await client.query('commit');
      await options.atStep?.('after-commit');
      return { kind: 'written', written };
    }
  }
};

/** Writes a folded batch: its rows and its cursors together, or nothing. What it throws leaves the outcome unknown. */
export const transact = async (options: TransactionOptions, folded: FoldedBatch): Promise<Transacted> => {
  const client = await options.pool.connect();
  let isClean = false;
  try {
    const transacted = await inTransaction(client, options, folded);
    isClean = true;
    return transacted;
  } finally {
    // After an error nobody knows what state the session is in, so it is closed and not given back.
    client.release(!isClean);
  }
};
