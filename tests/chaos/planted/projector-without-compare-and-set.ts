import * as cursors from '../../../projector/cursors';
import * as transactions from '../../../projector/view-transaction';
import { stepsArmedBy } from '../failpoint';
import { runProjector } from '../processes/run-service';
import { replaceExport } from './replace';

const pass = stepsArmedBy(process.env['FAILPOINT_FILE']);

replaceExport(transactions, 'transact', (real) => (options, folded) => {
  pass('before-begin');
  return real(options, folded);
});

/** The cursor goes where this process thinks it should, wherever it is. */
replaceExport(cursors, 'moveCursors', () => async (client, projection, schema, moves) => {
  for (const { topic, partition, to } of moves) {
    await client.query(
      `update ${schema}.${projection.offsetsTable}
       set next = $3, epoch = $4, voided = $5, undecodable = $6, first_appended_at = $7, appended_at = $8
       where topic = $1 and partition = $2`,
      [topic, partition, to.next, to.epoch, to.voided, to.undecodable, to.firstAppendedAtMs, to.appendedAtMs],
    );
  }
  return 'moved';
});
runProjector();
