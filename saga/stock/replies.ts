import type { Decision, ItemStock, Settled } from '../ports';
import { parseRecord } from './record';

/** The scripts' answers as words; see the header of each .lua file. */

export const isStale = (reply: unknown): reply is 'STALE' => reply === 'STALE';

export const parseDecision = (key: string, reply: string): Decision => {
  const rest = (): Decision & { kind: 'decided' } => ({
    kind: 'decided',
    isNew: reply.startsWith('N'),
    emitted: reply.startsWith('E'),
    record: parseRecord(key, reply.slice(1)),
  });
  switch (reply.charAt(0)) {
    case 'N':
    case 'K':
    case 'E':
      return rest();
    case 'C':
      return { kind: 'conflict' };
    case 'U':
      return { kind: 'unsure', storeNowMs: Number(reply.slice(1)) };
    case 'I':
      return { kind: 'unknown-item' };
    default:
      throw new TypeError(`decide.lua answered ${reply.slice(0, 100)}`);
  }
};

export const parseSettled = (key: string, reply: string): Settled =>
  reply === 'M'
    ? { kind: 'missing' }
    : { kind: 'settled', emitted: reply.startsWith('E'), record: parseRecord(key, reply.slice(1)) };

export const parseItem = (itemId: string, fields: readonly (string | null)[]): ItemStock => {
  const [total, available, reserved, sold, limit] = fields;
  return {
    itemId,
    total: Number(total),
    available: Number(available),
    reserved: Number(reserved),
    sold: Number(sold),
    unitsMax: limit === null || limit === undefined ? null : Number(limit),
  };
};
