import { digestOf } from '../schemas/command-digest';
import { ItemLedger } from '../schemas/item-ledger';
import { readAdjustStock, type AdminCommand } from './admin-commands';
import { planCommand, verdictOf, type PlanParts } from './plan-command';

const commandOf = (members: Record<string, unknown>): AdminCommand => {
  const body = { item_id: 'shoe', delta: 5, reason: 'delivery', command_id: 'c-1', ...members };
  const read = readAdjustStock(body, { nowMs: 0 });
  if (read.kind !== 'command') throw new Error('not a command');
  return read.command;
};

/** A log in which `c-1` took effect at 0:7, and no idempotency record of it any more. */
const partsWith = (digest: string | undefined): PlanParts => {
  const ledger = new ItemLedger();
  const plan = commandOf({}).plan(ledger.item('shoe'));
  if (plan.kind === 'event') ledger.apply({ partition: 0, offset: 7, appendedAtMs: 0, digest }, plan.event);
  return { items: { ledger, catchUp: async () => undefined }, committed: async () => undefined };
};

const answerTo = async (parts: PlanParts, command: AdminCommand): Promise<object> => {
  const planned = await planCommand(parts, command);
  if (planned.kind === 'event') throw new Error('it is no repeat');
  return verdictOf(parts, { command, correlationId: 'corr' }, { kind: 'refused', problem: planned.problem });
};

describe('a command_id that stands in the log, without its idempotency record', () => {
  const known = partsWith(digestOf(commandOf({}).payload));

  it('is answered with its place when the same is asked for', async () => {
    const position = { topic: 'stock-adjustments', partition: 0, offset: 7 };
    expect(await answerTo(known, commandOf({}))).toMatchObject({ kind: 'accepted', first: { position } });
    expect(await answerTo(known, commandOf({ actor: 'somebody else' }))).toMatchObject({ kind: 'accepted' });
  });

  it.each([{ delta: 6 }, { item_id: 'boot' }, { reason: 'count' }])(
    'is a mismatch when something else is asked for: %j',
    async (other) => {
      expect(await answerTo(known, commandOf(other))).toMatchObject({
        kind: 'refused',
        problem: { status: 422, error: 'PAYLOAD_MISMATCH' },
      });
    },
  );

  it('is taken for the same when it was written by a release that noted nothing', async () => {
    expect(await answerTo(partsWith(undefined), commandOf({ delta: 6 }))).toMatchObject({ kind: 'accepted' });
  });
});
