import type { Socket } from 'node:net';
import { pause } from '../../chassis/deadline';
import { openReader, requestText } from '../../tests/support/raw-reader';
import { itemIdOf, orderIdOf } from '../order-events';
import { ReadJudge, type Verdict } from './judge';

export interface Read {
  /** When it was due, of the monotonic clock: a read that had to wait for a free connection counts from then. */
  readonly dueAtMs: number;
  readonly tookMs: number;
}

export interface ReadResult {
  readonly reads: readonly Read[];
  readonly failed: readonly string[];
  readonly wentBack: readonly string[];
  /** Answers that said how far the view is behind. */
  readonly stale: number;
}

const connections = 32;
const answersWithinMs = 10_000;
const tickMs = 5;
const itemEvery = 20;
const recentOrders = 2_000;

interface Question {
  readonly path: string;
  readonly judge: (answer: string) => Verdict;
}

/** Reads at a steady pace, whatever the answers take: half of them new orders, which change while they are read. */
export class SteadyReader {
  readonly #url: URL;
  readonly #perSecond: number;
  readonly #ordersNow: () => number;
  readonly #judge = new ReadJudge();
  readonly #stopped = new AbortController();
  readonly #idle: ((question: Question, dueAtMs: number) => void)[] = [];
  readonly #waiting: { readonly question: Question; readonly dueAtMs: number }[] = [];
  readonly #sockets: Socket[] = [];
  readonly #reads: Read[] = [];
  readonly #failed: string[] = [];
  readonly #wentBack: string[] = [];
  #stale = 0;
  #underWay = 0;
  #work: Promise<void> | undefined;

  /** @param ordersNow orders below this number are in the log */
  constructor(url: string, perSecond: number, ordersNow: () => number) {
    this.#url = new URL(url);
    this.#perSecond = perSecond;
    this.#ordersNow = ordersNow;
  }

  async start(): Promise<void> {
    for (let opened = 0; opened < connections; opened += 1) await this.#open();
    this.#work = this.#ask();
  }

  /** Waits for the answers that are under way; one that does not come within 10 s is a failed read. */
  async stop(): Promise<ReadResult> {
    this.#stopped.abort();
    const late = new AbortController();
    await Promise.race([this.#work, pause(answersWithinMs, late.signal)]);
    late.abort();
    if (this.#underWay > 0) this.#failed.push(`${this.#underWay} reads without an answer`);
    this.#underWay = 0;
    await this.#work;
    for (const socket of this.#sockets) socket.destroy();
    return { reads: this.#reads, failed: this.#failed, wentBack: this.#wentBack, stale: this.#stale };
  }

  async #open(): Promise<void> {
    let settle: (answer: string) => void = () => undefined;
    const socket = await openReader(this.#url, (answer) => settle(answer));
    socket.on('close', () => {
      if (!this.#stopped.signal.aborted) this.#failed.push('the server closed a connection');
    });
    this.#sockets.push(socket);
    const ask = (question: Question, dueAtMs: number): void => {
      settle = (answer) => {
        this.#take(question, answer, dueAtMs);
        const next = this.#waiting.shift();
        if (next) ask(next.question, next.dueAtMs);
        else this.#idle.push(ask);
      };
      socket.write(requestText(this.#url, question.path), 'latin1');
    };
    this.#idle.push(ask);
  }

  #take(question: Question, answer: string, dueAtMs: number): void {
    this.#underWay -= 1;
    this.#reads.push({ dueAtMs, tookMs: performance.now() - dueAtMs });
    if (answer.includes('"stale":true')) this.#stale += 1;
    const verdict = question.judge(answer);
    if (verdict.kind === 'failed') this.#failed.push(verdict.why);
    if (verdict.kind === 'went-back') this.#wentBack.push(verdict.why);
  }

  async #ask(): Promise<void> {
    const startedAtMs = performance.now();
    for (let asked = 0; !this.#stopped.signal.aborted || this.#underWay > 0;) {
      const nowMs = performance.now();
      const due = Math.floor(((nowMs - startedAtMs) / 1000) * this.#perSecond);
      for (; asked < due && !this.#stopped.signal.aborted; asked += 1) {
        const question = this.#question(asked);
        this.#underWay += 1;
        const dueAtMs = startedAtMs + (asked / this.#perSecond) * 1000;
        // In turns: one that rests for 5 s is closed by the server, as it should be.
        const ask = this.#idle.shift();
        if (ask) ask(question, dueAtMs);
        else this.#waiting.push({ question, dueAtMs });
      }
      await pause(tickMs);
    }
  }

  #question(number: number): Question {
    const orders = this.#ordersNow();
    if (number % itemEvery === 0) {
      const id = itemIdOf(Math.floor(Math.random() * orders));
      return { path: `/items/${id}`, judge: (answer) => this.#judge.item(id, answer) };
    }
    const from = number % 2 === 0 ? Math.max(0, orders - recentOrders) : 0;
    const id = orderIdOf(from + Math.floor(Math.random() * (orders - from)));
    return { path: `/orders/${id}`, judge: (answer) => this.#judge.order(id, answer) };
  }
}
