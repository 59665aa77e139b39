import type { ViewName } from './view-shape';

/**
 * What the projector tells everybody who listens on PostgreSQL's NOTIFY when a batch is committed: how far the view
 * has come, and which orders became terminal. It is a hint to look, never the truth: PostgreSQL drops it when nobody
 * listens, and a listener that reconnects has missed some.
 */
export interface Announcement {
  readonly view: ViewName;
  /** Topic, partition, and the offset the view waits for now. */
  readonly moves: readonly (readonly [topic: string, partition: number, next: number])[];
  readonly decided: readonly string[];
}

export const announcementChannel = 'flash_sale_views';

/** PostgreSQL refuses a payload of 8,000 bytes or more. */
const payloadBytesMax = 7_900;
/** Brackets, member names and the view's name. */
const frameBytes = 100;

/** Cuts a list so that each piece, as JSON, takes at most `bytesMax`. */
const cut = <T>(items: readonly T[], bytesMax: number): readonly (readonly T[])[] => {
  const pieces: T[][] = [];
  let bytes = bytesMax;
  for (const item of items) {
    const size = Buffer.byteLength(JSON.stringify(item)) + 1;
    if (bytes + size > bytesMax) {
      pieces.push([]);
      bytes = 0;
    }
    pieces.at(-1)?.push(item);
    bytes += size;
  }
  return pieces;
};

/** As few payloads as hold it all. */
export const encodeAnnouncement = ({ view, moves, decided }: Announcement): readonly string[] => {
  const bytesMax = payloadBytesMax - frameBytes;
  const whole = JSON.stringify({ view, moves, decided });
  if (Buffer.byteLength(whole) < payloadBytesMax) return [whole];
  return [
    ...cut(moves, bytesMax).map((some) => JSON.stringify({ view, moves: some, decided: [] })),
    ...cut(decided, bytesMax).map((some) => JSON.stringify({ view, moves: [], decided: some })),
  ];
};

/** Total: what is not one of our payloads is `undefined`. */
export const decodeAnnouncement = (payload: string): Announcement | undefined => {
  try {
    const found = JSON.parse(payload) as Partial<Announcement> | null;
    if (!Array.isArray(found?.moves) || !Array.isArray(found.decided)) return undefined;
    return found as Announcement;
  } catch {
    return undefined;
  }
};
