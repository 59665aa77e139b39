import type { LogPosition } from '../chassis/kafka/log';
import { partitionOf } from '../chassis/kafka/partitioner';
import { topics } from '../schemas/topics';
import { orderKey } from '../schemas/accepted-order';
import type { AcceptedFinding } from './accepted-orders';
import type { Lag } from './lag-monitor';
import type { Ends } from './log-ends';
import { answerCannotTell, answerOfAccepted, answerOfRow, type OrderAnswer } from './order-answer';
import {
  isTerminal,
  nextStep,
  orderAt,
  type Findings,
  type OrderSummary,
  type Reach,
  type StatusAnswer,
} from './order-status';
import type { Interest } from './interest';
import type { Haste } from './order-lookup';
import type { Reached, ViewProgress } from './view-progress';
import type { News, WaitingRoom } from './waiting-room';

export interface OrderReaderPorts {
  readonly lookup: {
    find(key: string, haste?: Haste): Promise<OrderSummary | undefined>;
    findWithProgress(
      key: string,
      place: { readonly topic: string; readonly partition: number },
    ): Promise<{ readonly row: OrderSummary | undefined; readonly next: number }>;
  };
  readonly findAccepted: (key: string) => Promise<AcceptedFinding>;
  readonly requestEnds: { now(): Promise<Ends> };
  readonly outcomeEnds: { now(): Promise<Ends> };
  readonly progress: Pick<ViewProgress, 'reach' | 'next'>;
  readonly lag: { lag(topic: string, partition: number): Lag };
  readonly waitingRoom: Pick<WaitingRoom, 'enter'>;
  /** When the broker wrote the first event that the view knows of. */
  readonly logStartMs: () => Promise<number | undefined>;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  readonly orderPartitions: number;
}

export interface OrderQuestion {
  readonly requestId: string;
  /** Whose orders may be seen; without authentication anybody's. */
  readonly buyer: string | undefined;
  /** How long to wait for a terminal state, or for `position`; 0 answers at once. */
  readonly waitMs: number;
  readonly untilTerminal: boolean;
  readonly position?: LogPosition;
  readonly asOfMs?: number;
  /** Lost when nobody waits for the answer any more. */
  readonly interest: Interest;
}

export type OrderReply =
  | { readonly kind: 'found'; readonly answer: OrderAnswer; readonly isRoomFull: boolean }
  | { readonly kind: 'not-found' }
  /** Asked for a time before anything was written. */
  | { readonly kind: 'before-log' };

/** How long an id that nobody has heard of holds its asker: longer only helps while the projector is far behind. */
const barrierMs = 2_000;
const requests = topics.orderRequests.name;
const outcomes = topics.orderOutcomes.name;

/** Waiting longer would not change it. */
const isFinal = (status: StatusAnswer): boolean =>
  status.kind === 'unknown-order' || (status.kind === 'known' && isTerminal(status.row));

/** Nothing that the view has not folded yet can add to it. */
const isWholeStory = (status: StatusAnswer): boolean =>
  isFinal(status) && !(status.kind === 'known' && status.row.request_offset === null);

interface Found {
  readonly status: StatusAnswer;
  readonly isRoomFull: boolean;
  /** The view has not come as far as the reader asked for. */
  readonly missed: boolean;
}

export class OrderReader {
  readonly #ports: OrderReaderPorts;
  readonly #askedAfter = new WeakMap<News, Promise<StatusAnswer>>();

  constructor(ports: OrderReaderPorts) {
    this.#ports = ports;
  }

  /** @throws what PostgreSQL says when the view cannot be read: then nothing true can be said of any order. */
  async read(question: OrderQuestion): Promise<OrderReply> {
    const key = orderKey(question.requestId, question.buyer);
    const endsAtMs = performance.now() + question.waitMs;
    const reached = question.position ? await this.#reach(question.position, question) : 'reached';
    const found = await this.#find(key, question, question.untilTerminal ? endsAtMs : 0);
    const missed = reached !== 'reached' || this.#isAhead(question);
    const isRoomFull = reached === 'full' || found.isRoomFull;
    const first = { ...found, isRoomFull, missed };
    const reply = this.#reply(key, question, await this.#sharpen(key, question, first));
    return reply.kind === 'not-found' && (await this.#isBeforeLog(question)) ? { kind: 'before-log' } : reply;
  }

  /**
   * As of a moment ago, what the view has not folded yet may have happened before that moment: the order is read
   * again once the view has passed where the log ends now, or the answer says that it may be stale.
   */
  async #sharpen(key: string, { asOfMs }: OrderQuestion, found: Found): Promise<Found> {
    if (asOfMs === undefined || found.missed || isWholeStory(found.status)) return found;
    const isLevel = await this.#isLevel(key);
    return { ...found, status: await this.#status(key), missed: !isLevel };
  }

  /** Waits a moment for the view to pass what both topics hold now. */
  async #isLevel(key: string): Promise<boolean> {
    const { requestEnds, outcomeEnds, progress } = this.#ports;
    const reach = async (topic: string, asked: Promise<Ends>): Promise<boolean> => {
      const ends = await asked;
      const partition = partitionOf(key, Math.max(1, ends.length));
      const place = { topic, partition, next: ends[partition] ?? 0 };
      return (await progress.reach(place, barrierMs)) === 'reached';
    };
    try {
      const level = [reach(requests, requestEnds.now()), reach(outcomes, outcomeEnds.now())];
      return (await Promise.all(level)).every(Boolean);
    } catch {
      return false;
    }
  }

  #isAhead({ asOfMs }: OrderQuestion): boolean {
    return (asOfMs ?? 0) > this.#ports.clock();
  }

  async #reach(
    { topic, partition, offset }: LogPosition,
    { waitMs, interest }: OrderQuestion,
  ): Promise<Reached> {
    return this.#ports.progress.reach({ topic, partition, next: offset + 1 }, waitMs, interest);
  }

  async #isBeforeLog({ asOfMs }: OrderQuestion): Promise<boolean> {
    if (asOfMs === undefined) return false;
    const startMs = await this.#ports.logStartMs();
    return startMs === undefined || asOfMs < startMs;
  }

  /** Asks, and asks again whenever the order may have moved, until it is terminal or the time is over. */
  async #find(
    key: string,
    { interest }: OrderQuestion,
    endsAtMs: number,
  ): Promise<{ readonly status: StatusAnswer; readonly isRoomFull: boolean }> {
    const leftMs = endsAtMs - performance.now();
    if (leftMs <= 0 || interest.isLost) return { status: await this.#status(key), isRoomFull: false };
    const place = this.#ports.waitingRoom.enter(key, leftMs);
    interest.onLost(() => place.leave());
    try {
      // Whoever is ready to wait does not mind if the first look is a few milliseconds late.
      let status = await this.#status(key, 'patient');
      while (!isFinal(status)) {
        const woken = await place.next();
        if (typeof woken === 'string') return { status, isRoomFull: woken === 'full' };
        status = await this.#statusAfter(woken);
      }
      return { status, isRoomFull: false };
    } finally {
      place.leave();
    }
  }

  /** Asked once for all who heard the same news: a crowd that waits for one order is one question. */
  #statusAfter(news: News): Promise<StatusAnswer> {
    const asked = this.#askedAfter.get(news);
    if (asked) return asked;
    const asking = this.#status(news.key);
    this.#askedAfter.set(news, asking);
    return asking;
  }

  async #status(key: string, haste: Haste = 'now'): Promise<StatusAnswer> {
    let findings: Findings = {};
    for (;;) {
      const step = nextStep(findings);
      switch (step.kind) {
        case 'read-view':
          findings = { ...findings, row: (await this.#ports.lookup.find(key, haste)) ?? 'none' };
          break;
        case 'read-accepted':
          findings = { ...findings, accepted: await this.#ports.findAccepted(key) };
          break;
        case 'await-view':
          findings = { ...findings, ...(await this.#awaitView(key)) };
          break;
        case 'answer':
          return step.answer;
      }
    }
  }

  /** Lets the view pass what is in the log now, then reads the order again, at a moment when it has. */
  async #awaitView(key: string): Promise<{ readonly reach: Reach; readonly row: OrderSummary | 'none' }> {
    const startedAtMs = performance.now();
    let ends: Ends;
    try {
      ends = await this.#ports.requestEnds.now();
    } catch {
      return { reach: 'unknown', row: 'none' };
    }
    const place = { topic: requests, partition: partitionOf(key, Math.max(1, ends.length)) };
    const end = ends[place.partition] ?? 0;
    const leftMs = barrierMs - (performance.now() - startedAtMs);
    await this.#ports.progress.reach({ ...place, next: end }, leftMs);
    const { row, next } = await this.#ports.lookup.findWithProgress(key, place);
    return { reach: next >= end ? 'reached' : 'not-reached', row: row ?? 'none' };
  }

  #reply(key: string, { buyer, asOfMs }: OrderQuestion, found: Found): OrderReply {
    const { status, isRoomFull } = found;
    switch (status.kind) {
      case 'known': {
        const row = asOfMs === undefined ? status.row : orderAt(status.row, asOfMs);
        if (row === undefined) {
          // Only its outcome is folded, and it was decided later: it may well have been asked for by then.
          if (found.missed && status.row.request_offset === null)
            return this.#cannotTell(key, buyer, isRoomFull);
          return { kind: 'not-found' };
        }
        const lagMs = this.#staleness(key, outcomes, found.missed);
        return { kind: 'found', answer: answerOfRow(row, buyer, { lagMs }), isRoomFull };
      }
      case 'accepted': {
        if (asOfMs !== undefined && status.accepted.requested_at > asOfMs) return { kind: 'not-found' };
        const lagMs = this.#staleness(key, requests, found.missed);
        return { kind: 'found', answer: answerOfAccepted(status.accepted, buyer, { lagMs }), isRoomFull };
      }
      case 'unknown-order':
        return { kind: 'not-found' };
      case 'cannot-tell':
        return this.#cannotTell(key, buyer, isRoomFull);
    }
  }

  #cannotTell(key: string, buyer: string | undefined, isRoomFull: boolean): OrderReply {
    const lagMs = this.#staleness(key, requests, true) ?? null;
    return { kind: 'found', answer: answerCannotTell(key, buyer, lagMs), isRoomFull };
  }

  /** A reader who asked for a place that the view has not reached is told so, whatever the lag. */
  #staleness(key: string, topic: string, missed: boolean): Lag {
    const lag = this.#ports.lag.lag(topic, partitionOf(key, this.#ports.orderPartitions));
    return missed && lag === undefined ? 0 : lag;
  }
}
