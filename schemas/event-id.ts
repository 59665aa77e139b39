import { hash } from 'node:crypto';
import type { DomainEvent } from './events';

/** Our namespace for version 5 UUIDs, drawn once at random. Changing it renames every event ever written. */
const namespaceBytes = Buffer.from('af495be10f9442228c69077a19cc4509', 'hex');

/** RFC 9562 version 5: the same name gives the same id, on every machine, for ever. */
export const uuidV5 = (name: string): string => {
  const digest = hash('sha1', Buffer.concat([namespaceBytes, Buffer.from(name, 'utf8')]), 'hex');
  const variant = ((parseInt(digest.charAt(16), 16) & 0x3) | 0x8).toString(16);
  return `${digest.slice(0, 8)}-${digest.slice(8, 12)}-5${digest.slice(13, 16)}-${variant}${digest.slice(17, 20)}-${digest.slice(20, 32)}`;
};

/**
 * What an event is, as a name: two copies of one event have one name, two events never do. An order has one request
 * and one terminal state, whichever process writes it and however often.
 */
const nameOf = (event: DomainEvent, partition: number | undefined): string => {
  switch (event.type) {
    case 'OrderRequested':
      return `${event.request_id}:requested`;
    case 'OrderCompleted':
    case 'OrderFailed':
      return `${event.request_id}:terminal`;
    case 'StockAdjusted':
      return `${event.command_id}:stock-adjusted`;
    case 'BuyerLimitSet':
      return `${event.command_id}:buyer-limit-set`;
    case 'EpochClaimed':
      return `${event.claimed_by}:${event.claimed_at}:epoch-claimed`;
    case 'EpochStarted':
      return `${event.epoch}:${partition ?? '*'}:epoch-started`;
    case 'LettersPlanned':
      return `${event.plan_id}:letters-planned`;
    case 'RedriveOrdered':
      return `${event.command_id}:redrive-ordered`;
    case 'LettersRedriven':
      return `${event.command_id}:${event.results.map(({ letter }) => letter).join()}:letters-redriven`;
    case 'LettersDiscarded':
      return `${event.command_id}:letters-discarded`;
  }
};

/** The id of an event, from its content alone. `partition` counts for EpochStarted, of which each partition has its own. */
export const eventIdOf = (event: DomainEvent, partition?: number): string => uuidV5(nameOf(event, partition));
