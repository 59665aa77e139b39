import type { ServerResponse } from 'node:http';
import type { Log } from '../chassis/log';
import { eventStreamHeaders } from './event-stream';
import type { Interest } from './interest';
import { formatSeen, seenAfter, unseen, type Seen, type TimelineEntry } from './order-timeline';
import type { FindTimeline } from './shared-timelines';
import type { Place, WaitingRoom } from './waiting-room';

export interface OrderStreamOptions {
  readonly findTimeline: FindTimeline;
  /** Whether the view has a row of the order; cheaper than its events. */
  readonly isThere: (key: string) => Promise<boolean>;
  readonly room: Pick<WaitingRoom, 'enter'>;
  readonly log: Log;
}

/** Proxies close what is silent for a minute, browsers notice a dead server by it. */
const heartbeatMs = 15_000;
/** Until the view has the order there is nothing that announces it: it is looked for, less and less often. */
const firstLookMs = 250;
/** 2,000 streams of orders that are long in coming are 1,000 looks a second, in five statements. */
const looksMaxMs = 2_000;
/** A client that reads nothing is cut off with this much unread. */
const unreadBytesMax = 64 * 1024;
const reconnectMs = 2_000;

const isEnd = (entry: TimelineEntry): boolean =>
  entry.effect === 'applied' && entry.type !== 'OrderRequested';

const eventText = (entry: TimelineEntry, seen: Seen): string =>
  `id: ${formatSeen(seen)}\nevent: ${entry.type}\ndata: ${JSON.stringify(entry)}\n\n`;

export interface StreamQuestion {
  readonly key: string;
  readonly seen: Seen;
  readonly correlationId: string;
  /** Lost when the client is gone. */
  readonly interest: Interest;
}

/** Whether a reader who comes back has seen the order's end: there is nothing more to send, ever. */
export const hasSeenEnd = (timeline: readonly TimelineEntry[], seen: Seen): boolean => {
  const end = timeline.find(isEnd);
  return end !== undefined && end.offset <= seen.outcome;
};

/** Sends what is new; returns what the reader has seen then, and whether the order's end was among it. */
const sendNew = (
  response: ServerResponse,
  timeline: readonly TimelineEntry[],
  before: Seen,
): { readonly seen: Seen; readonly isOver: boolean } => {
  let seen = before;
  let isOver = false;
  for (const entry of unseen(timeline, before)) {
    seen = seenAfter(seen, entry);
    response.write(eventText(entry, seen));
    isOver ||= isEnd(entry);
  }
  return { seen, isOver };
};

/** Returns when the order's end is sent, the client is gone, or there is no place to wait in: the server stops, or is full. */
const follow = async (
  response: ServerResponse,
  { findTimeline, isThere, room }: OrderStreamOptions,
  question: StreamQuestion,
): Promise<void> => {
  let { seen } = question;
  let wroteAtMs = performance.now();
  let place: Place | undefined;
  question.interest.onLost(() => place?.leave());
  for (let lookMs = firstLookMs; !question.interest.isLost; lookMs = Math.min(2 * lookMs, looksMaxMs)) {
    const isShown = seen.request >= 0;
    place = room.enter(question.key, isShown ? heartbeatMs : lookMs);
    const timeline = isShown || (await isThere(question.key)) ? await findTimeline(question.key) : [];
    const sent = sendNew(response, timeline, seen);
    if (sent.isOver) {
      place.leave();
      return;
    }
    if (sent.seen !== seen) wroteAtMs = performance.now();
    ({ seen } = sent);
    const why = await place.next();
    place.leave();
    if (why === 'full' || response.writableLength > unreadBytesMax) return;
    if (performance.now() - wroteAtMs < heartbeatMs) continue;
    response.write(': heartbeat\n\n');
    wroteAtMs = performance.now();
  }
};

/**
 * Sends an order's events as they come into the view, until it is terminal. A reader that reconnects with
 * `Last-Event-ID` gets what it has not seen. Never rejects: a stream that cannot go on ends, and its reader reconnects.
 */
export const streamOrder = async (
  response: ServerResponse,
  options: OrderStreamOptions,
  question: StreamQuestion,
): Promise<void> => {
  response.writeHead(200, { ...eventStreamHeaders, 'X-Correlation-ID': question.correlationId });
  response.write(`retry: ${reconnectMs}\n\n`);
  try {
    await follow(response, options, question);
  } catch (error) {
    options.log.warn('a stream ended early', {
      event: 'stream_failed',
      correlation_id: question.correlationId,
      error,
    });
  }
  response.end();
};
