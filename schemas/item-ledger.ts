import type { LogRecord } from '../chassis/kafka/log';
import type { ItemEvent } from './events';
import { alwaysOpen, type Sale } from './sale';

/** What operators have made of an item. */
export interface ItemState {
  /** Units in less units out. */
  readonly stocked: number;
  /** How many adjustments took effect. */
  readonly stockVersion: number;
  readonly unitsMax: number | null;
  readonly sale: Sale;
}

export const unknownItem: ItemState = { stocked: 0, stockVersion: 0, unitsMax: null, sale: alwaysOpen };

/**
 * The item after an event; undefined when the event was overtaken: it says at which version it was decided, and by the
 * time it got its place in the log another command had been before it. The log has one order for all commands of an item,
 * so every reader comes to the same answer.
 */
export const applyItemEvent = (item: ItemState, event: ItemEvent): ItemState | undefined => {
  switch (event.type) {
    case 'StockAdjusted':
      if (event.expected_version !== null && event.expected_version !== item.stockVersion) return undefined;
      return { ...item, stocked: item.stocked + event.delta, stockVersion: item.stockVersion + 1 };
    case 'BuyerLimitSet':
      return { ...item, unitsMax: event.units_max };
    case 'SaleChanged': {
      const { mode, opens_at: opensAtMs, closes_at: closesAtMs } = event;
      const { version } = item.sale;
      if (event.expected_version !== version) return undefined;
      return { ...item, sale: { mode, opensAtMs, closesAtMs, version: version + 1 } };
    }
  }
};

/** What an event did: a repeat carries the command_id of one that took effect before it. */
export type ItemEffect = 'applied' | 'repeat' | 'overtaken';

type Place = Pick<LogRecord, 'partition' | 'offset'>;

/** Where the event stands that took effect under a command_id, and the digest of what was asked for, if it came with one. */
interface Effective extends Place {
  readonly digest: string | undefined;
}

interface SaleSince {
  readonly sale: Sale;
  readonly fromMs: number;
}

const placeText = ({ partition, offset }: Place): string => `${partition}:${offset}`;

/**
 * `stock-adjustments` folded in memory: about 300 bytes an item, 150 a command, 100 a change of a sale. All of it is
 * operators' doing, so it is small and bounded by them. Feed it each partition's records in their order.
 */
export class ItemLedger {
  private readonly items = new Map<string, ItemState>();
  private readonly sales = new Map<string, SaleSince[]>();
  private readonly commands = new Map<string, Effective>();
  private readonly overtaken = new Set<string>();

  apply(
    {
      partition,
      offset,
      appendedAtMs,
      digest,
    }: Place & { readonly appendedAtMs: number; readonly digest?: string | undefined },
    event: ItemEvent,
  ): ItemEffect {
    if (this.commands.has(event.command_id)) return 'repeat';
    const before = this.item(event.item_id);
    const after = applyItemEvent(before, event);
    if (!after) {
      this.overtaken.add(placeText({ partition, offset }));
      return 'overtaken';
    }
    this.commands.set(event.command_id, { partition, offset, digest });
    this.items.set(event.item_id, after);
    if (after.sale !== before.sale) this.changeSale(event.item_id, after.sale, appendedAtMs);
    return 'applied';
  }

  item(itemId: string): ItemState {
    return this.items.get(itemId) ?? unknownItem;
  }

  get itemCount(): number {
    return this.items.size;
  }

  /** Where the event stands that took effect under this command_id. */
  placeOf(commandId: string): Effective | undefined {
    return this.commands.get(commandId);
  }

  /** Whether the command took effect by the event at this place, and not by an earlier one. */
  tookEffectAt(place: Place, commandId: string): boolean {
    const by = this.commands.get(commandId);
    return by?.partition === place.partition && by.offset === place.offset;
  }

  isOvertaken(place: Place): boolean {
    return this.overtaken.has(placeText(place));
  }

  /** The sale as it was at an instant of the log: a change counts from its own append time on. */
  saleAt(itemId: string, atMs: number): Sale {
    return this.sales.get(itemId)?.findLast(({ fromMs }) => fromMs <= atMs)?.sale ?? alwaysOpen;
  }

  /** The sale as it is now; undefined when no operator ever changed it, which is one look into a map. */
  saleOf(itemId: string): Sale | undefined {
    return this.sales.get(itemId)?.at(-1)?.sale;
  }

  /** Should a broker's clock step back, a later change still counts no earlier than the one before it. */
  private changeSale(itemId: string, sale: Sale, appendedAtMs: number): void {
    const changes = this.sales.get(itemId) ?? [];
    changes.push({ sale, fromMs: Math.max(appendedAtMs, changes.at(-1)?.fromMs ?? 0) });
    this.sales.set(itemId, changes);
  }
}
