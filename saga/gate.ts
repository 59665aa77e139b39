import { InfrastructureError } from '../chassis/kafka/log';
import type { Log } from '../chassis/log';
import type { EpochFence } from './epoch-fence';
import type { Generation } from './order-saga';
import type { Clock, Current, StockConnection, StockConnector } from './ports';
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
  readonly reconcile: (connection: StockConnection, runId: string, reason: string) => Promise<Reconciled>;
  readonly clock: Clock;
  readonly holder: string;
  readonly log: Log;
}

export type Verdict =
  | { readonly kind: 'usable'; readonly generation: Generation }
  | { readonly kind: 'rebuild'; readonly reason: string };

/**
 * Rules R4 and R12: whether what this server process holds may be used. A restarted server may have lost its tail and
 * an emptied or restored one more than that, so anything but "this process, opened since it started, newest claim"
 * is rebuilt from the log.
 */
export const judge = (current: Current | undefined, runId: string, newestClaim: number): Verdict => {
  if (!current) return { kind: 'rebuild', reason: 'the stock store holds no generation' };
  if (current.runId !== runId)
    return { kind: 'rebuild', reason: 'the stock store was restarted or replaced' };
  if (!current.open) return { kind: 'rebuild', reason: 'a generation was begun and not opened' };
  if (newestClaim !== current.epoch) return { kind: 'rebuild', reason: `epoch ${newestClaim} was claimed` };
  return { kind: 'usable', generation: { epoch: current.epoch, startedEpochs: current.startedEpochs } };
};

/** How often an idle session is looked at, so that a loss is noticed without an order. */
const lookEveryMs = 1_000;
/** While another process rebuilds. */
const pollEveryMs = 100;
const reconnectAfterMs = 200;
const leaseMs = 5_000;

/** Keeps one gated session, for all partitions of this process, and rebuilds the store when it has to. */
export const createGate = (parts: GateParts): Gate => {
  const { clock, log } = parts;
  const stopping = new AbortController();
  const waiters = new Set<() => void>();
  let state: GateState = 'connecting';
  let open: Session | undefined;
  let doubt: AbortController | undefined;

  const publish = (session: Session | undefined): void => {
    open = session;
    if (!session) return;
    state = 'open';
    for (const wake of [...waiters]) wake();
  };

  const rebuild = async (connection: StockConnection, runId: string, reason: string): Promise<void> => {
    if (!(await connection.lease(parts.holder, leaseMs))) {
      state = 'waiting';
      await clock.pause(pollEveryMs, stopping.signal);
      return;
    }
    const verdict = judge(await connection.current(), runId, await parts.fence.newestClaim());
    if (verdict.kind === 'usable') return;
    state = 'rebuilding';
    log.warn(`rebuilding the stock store: ${reason}`, { event: 'reconcile_begun', reason });
    const { kind, epoch } = await parts.reconcile(connection, runId, reason);
    if (kind === 'outrun') {
      log.info(`epoch ${epoch} was overtaken`, { event: 'epoch_outrun', epoch });
      await clock.pause(pollEveryMs, stopping.signal);
    }
  };

  /** Until the connection ends, somebody suspects it, or a look at it says that it is over. */
  const holdOpen = async (
    connection: StockConnection,
    runId: string,
    generation: Generation,
  ): Promise<void> => {
    const mine = new AbortController();
    doubt = mine;
    void connection.closed.then(() => mine.abort());
    stopping.signal.addEventListener('abort', () => mine.abort(), { once: true, signal: mine.signal });
    publish({ connection, generation });
    try {
      while (!mine.signal.aborted) {
        await clock.pause(lookEveryMs, mine.signal);
        if (mine.signal.aborted) break;
        const verdict = judge(await connection.current(), runId, await parts.fence.newestClaim());
        if (verdict.kind !== 'usable' || verdict.generation.epoch !== generation.epoch) break;
      }
    } finally {
      publish(undefined);
      mine.abort();
    }
  };

  const serve = async (connection: StockConnection): Promise<void> => {
    const runId = await connection.serverRunId();
    let isClosed = false;
    void connection.closed.then(() => {
      isClosed = true;
    });
    while (!stopping.signal.aborted && !isClosed) {
      const verdict = judge(await connection.current(), runId, await parts.fence.newestClaim());
      if (verdict.kind === 'usable') await holdOpen(connection, runId, verdict.generation);
      else await rebuild(connection, runId, verdict.reason);
    }
  };

  const keep = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      state = 'connecting';
      try {
        const connection = await parts.connector.connect();
        await serve(connection).finally(() => connection.disconnect());
      } catch (error) {
        if (!(error instanceof InfrastructureError)) throw error;
        log.warn('the stock store or the log is not reachable', { event: 'gate_trouble', error });
      }
      await clock.pause(reconnectAfterMs, stopping.signal);
    }
    state = 'stopped';
  };
  const running = keep();

  const awaitOpen = (waitMs: number, signal?: AbortSignal): Promise<void> => {
    const given = new AbortController();
    const wake = (): void => given.abort();
    waiters.add(wake);
    signal?.addEventListener('abort', wake, { once: true, signal: given.signal });
    return clock.pause(waitMs, given.signal).finally(() => {
      waiters.delete(wake);
      given.abort();
    });
  };

  return {
    session: async (waitMs, signal) => {
      if (!open) await awaitOpen(waitMs, signal);
      if (!open) throw new InfrastructureError(`the stock store is not open (${state})`);
      return open;
    },
    peek: () => open,
    suspect: (session) => {
      if (open?.connection === session.connection) doubt?.abort();
    },
    state: () => state,
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
};
