import { InfrastructureError } from '../chassis/kafka/log';
import type { Log } from '../chassis/log';
import type { EpochFence } from './epoch-fence';
import type { Generation } from './order-saga';
import type { Clock, Current, StockConnection, StockConnector } from './ports';
import { leaseMs } from './rebuild-lease';
import type { Reconciled } from './reconcile';

/** A connection whose server and generation have been checked. Good for as long as its connection. */
export interface Session {
  readonly connection: StockConnection;
  readonly generation: Generation;
}

export type GateState = 'connecting' | 'rebuilding' | 'waiting' | 'open' | 'stopped';

export interface Gate {
  /** The open session; waits for one, but no longer than `waitMs`. @throws InfrastructureError after that. */
  session(waitMs: number, signal?: AbortSignal): Promise<Session>;
  /** The open session, if there is one now. */
  peek(): Session | undefined;
  /** The session's epoch seems over: look again before anybody uses the store. */
  suspect(session: Session): void;
  state(): GateState;
  stop(): Promise<void>;
}

export interface GateParts {
  readonly connector: StockConnector;
  readonly fence: EpochFence;
  /** Ends soon after `signal` has aborted, with its reason. */
  readonly reconcile: (
    connection: StockConnection,
    runId: string,
    reason: string,
    signal: AbortSignal,
  ) => Promise<Reconciled>;
  readonly clock: Clock;
  /** Names this process in the lease. */
  readonly holder: string;
  readonly log: Log;
}

export type Verdict =
  | { readonly kind: 'usable'; readonly generation: Generation }
  | { readonly kind: 'rebuild'; readonly reason: string };

/**
 * Rules R4 and R12: whether what this server process holds may be used. A restarted server may have lost its tail, an
 * emptied or restored one more than that, so anything but "opened in this very process, newest claim" is rebuilt from
 * the log.
 */
export const judge = (current: Current | undefined, runId: string, newestClaim: number): Verdict => {
  if (!current) return { kind: 'rebuild', reason: 'the stock store holds no generation' };
  if (current.runId !== runId)
    return { kind: 'rebuild', reason: 'the stock store was restarted or replaced' };
  if (!current.open) return { kind: 'rebuild', reason: 'a generation was begun and not opened' };
  if (newestClaim > current.epoch) return { kind: 'rebuild', reason: `epoch ${newestClaim} was claimed` };
  return { kind: 'usable', generation: { epoch: current.epoch, startedEpochs: current.startedEpochs } };
};

/** How often an idle session is looked at, so that a loss is noticed without an order. */
const lookEveryMs = 1_000;
/** While another process rebuilds. */
const pollEveryMs = 100;
const reconnectAfterMs = 200;

/** One connection to one server process, and the judgement of what it holds. */
class GatedServer {
  readonly over = new AbortController();
  private readonly parts: GateParts;
  private readonly connection: StockConnection;
  private readonly runId: string;
  private readonly say: (state: GateState, session?: Session) => void;

  constructor(
    parts: GateParts,
    connection: StockConnection,
    runId: string,
    say: (state: GateState, session?: Session) => void,
  ) {
    this.parts = parts;
    this.connection = connection;
    this.runId = runId;
    this.say = say;
    void connection.closed.then(() => this.end('the connection to the stock store has ended'));
  }

  /**
   * Keeps the store usable until the connection ends or its generation does; throws when it does not answer. A
   * generation that ends is looked at through a new connection before it is rebuilt: after a failover the address
   * leads to another server than this one.
   */
  async serve(doubtOf: () => AbortSignal): Promise<void> {
    let hasServed = false;
    while (!this.over.signal.aborted) {
      const verdict = await this.look();
      if (verdict.kind === 'usable') {
        await this.hold(verdict.generation, doubtOf());
        hasServed = true;
      } else if (hasServed) return;
      else await this.rebuild(verdict.reason);
    }
  }

  end(why: string): void {
    this.over.abort(new InfrastructureError(why));
  }

  private async look(): Promise<Verdict> {
    const newestClaim = await this.parts.fence.newestClaim();
    return judge(await this.connection.current(), this.runId, newestClaim);
  }

  /** Until the connection ends, somebody doubts it, or a look at it says that its generation is over. */
  private async hold(generation: Generation, doubt: AbortSignal): Promise<void> {
    const end = AbortSignal.any([doubt, this.over.signal]);
    this.say('open', { connection: this.connection, generation });
    try {
      for (;;) {
        await this.parts.clock.pause(lookEveryMs, end);
        if (end.aborted) return;
        const verdict = await this.look();
        if (verdict.kind !== 'usable' || verdict.generation.epoch !== generation.epoch) return;
      }
    } finally {
      this.say('waiting');
    }
  }

  /** One process rebuilds and the others wait for it, as long as its lease lasts. */
  private async rebuild(reason: string): Promise<void> {
    const { clock, holder, log } = this.parts;
    this.say('waiting');
    if (!(await this.connection.lease(holder, leaseMs))) return clock.pause(pollEveryMs, this.over.signal);
    if ((await this.look()).kind === 'usable') return;
    this.say('rebuilding');
    log.warn(`rebuilding the stock store: ${reason}`, { event: 'reconcile_begun', reason });
    const { signal } = this.over;
    const { kind, epoch } = await this.parts.reconcile(this.connection, this.runId, reason, signal);
    if (kind === 'opened') return;
    log.warn(`epoch ${epoch} was overtaken by a newer one`, { event: 'epoch_outrun', epoch });
    await clock.pause(pollEveryMs, this.over.signal);
  }
}

class StockGate implements Gate {
  private readonly parts: GateParts;
  private readonly stopping = new AbortController();
  private readonly waiters = new Set<() => void>();
  private readonly running: Promise<void>;
  private open: Session | undefined;
  private doubt = new AbortController();
  private current: GateState = 'connecting';
  /** What ended the last attempt; gone once the store is open. */
  private trouble: string | undefined;

  constructor(parts: GateParts) {
    this.parts = parts;
    this.running = this.keep();
  }

  async session(waitMs: number, signal?: AbortSignal): Promise<Session> {
    if (!this.open) await this.opening(waitMs, signal);
    if (!this.open) {
      const why = this.trouble === undefined ? '' : `: ${this.trouble}`;
      throw new InfrastructureError(`the stock store is not open (${this.current})${why}`);
    }
    return this.open;
  }

  peek(): Session | undefined {
    return this.open;
  }

  suspect(session: Session): void {
    if (this.open !== session) return;
    this.open = undefined;
    this.doubt.abort();
  }

  state(): GateState {
    return this.current;
  }

  stop(): Promise<void> {
    this.stopping.abort();
    return this.running;
  }

  private async keep(): Promise<void> {
    while (!this.isStopping()) {
      this.say('connecting');
      try {
        await this.connectAndServe();
      } catch (error) {
        if (!(error instanceof InfrastructureError)) throw error;
        if (this.isStopping()) break;
        this.trouble = error.message;
        this.parts.log.warn('the stock store or the log does not answer', { event: 'gate_trouble', error });
      }
      await this.parts.clock.pause(reconnectAfterMs, this.stopping.signal);
    }
    this.say('stopped');
  }

  private async connectAndServe(): Promise<void> {
    const connection = await this.parts.connector.connect();
    try {
      const runId = await connection.serverRunId();
      const say = (state: GateState, session?: Session): void => this.say(state, session);
      const server = new GatedServer(this.parts, connection, runId, say);
      const stop = (): void => server.end('the saga is told to stop');
      this.stopping.signal.addEventListener('abort', stop, { once: true, signal: server.over.signal });
      if (this.isStopping()) stop();
      await server.serve(() => this.newDoubt());
    } finally {
      connection.disconnect();
    }
  }

  private newDoubt(): AbortSignal {
    this.doubt = new AbortController();
    return this.doubt.signal;
  }

  private isStopping(): boolean {
    return this.stopping.signal.aborted;
  }

  private say(state: GateState, session?: Session): void {
    this.current = state;
    this.open = session;
    if (session) this.trouble = undefined;
    if (session) for (const wake of [...this.waiters]) wake();
  }

  private async opening(waitMs: number, signal?: AbortSignal): Promise<void> {
    const given = new AbortController();
    const wake = (): void => given.abort();
    this.waiters.add(wake);
    signal?.addEventListener('abort', wake, { once: true, signal: given.signal });
    await this.parts.clock.pause(waitMs, given.signal);
    this.waiters.delete(wake);
    given.abort();
  }
}

/** Keeps one gated session for all partitions of this process, and rebuilds the store when it has to. */
export const createGate = (parts: GateParts): Gate => new StockGate(parts);
