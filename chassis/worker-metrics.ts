import cluster, { type Worker } from 'node:cluster';
import type { Registry } from 'prom-client';
import { withDeadline } from './deadline';
import { WorkerValues, type Values } from './worker-values';

/** What an endpoint needs of a registry. */
export type MetricsSource = Pick<Registry, 'contentType' | 'metrics'>;

/** A worker that was scraped wants everybody's; the first process wants each worker's own. */
type Message =
  | { readonly kind: 'all-wanted'; readonly id: number }
  | { readonly kind: 'own-wanted'; readonly id: number }
  | { readonly kind: 'own'; readonly id: number; readonly values: Values }
  | { readonly kind: 'all'; readonly id: number; readonly text: string };

const allWithinMs = 5_000;
/** Of a worker that hangs a scrape has what it said last; the others do not wait for it. */
const ownWithinMs = 2_000;

const isMessage = (message: unknown): message is Message =>
  typeof (message as Partial<Message> | null)?.kind === 'string';

/** Questions that wait for an answer with the same number. */
class Questions<Result> {
  private readonly waiting = new Map<number, (result: Result) => void>();
  private asked = 0;

  async ask(send: (id: number) => void, withinMs: number): Promise<Result> {
    const id = (this.asked += 1);
    const answered = new Promise<Result>((resolve) => this.waiting.set(id, resolve));
    send(id);
    try {
      return await withDeadline(answered, withinMs, 'the metrics of all workers');
    } finally {
      this.waiting.delete(id);
    }
  }

  answer(id: number, result: Result): void {
    this.waiting.get(id)?.(result);
  }
}

/** In the first process: answers workers that ask for the metrics of all. Gives back what ends it. */
export const answerMetricsRequests = (): (() => void) => {
  const questions = new Questions<void>();
  const listening = new Set<Worker>();
  const values = new WorkerValues();
  const ask = (worker: Worker): Promise<void> =>
    questions
      .ask((id) => worker.send({ kind: 'own-wanted', id } satisfies Message), ownWithinMs)
      .catch(() => undefined);
  const answerAll = async (asker: Worker, id: number): Promise<void> => {
    // One that has not begun to listen counts nothing yet, and would not answer.
    await Promise.all([...listening].filter((worker) => worker.isConnected()).map(ask));
    const text = await values.text();
    if (asker.isConnected()) asker.send({ kind: 'all', id, text } satisfies Message);
  };
  const onListening = (worker: Worker): void => void listening.add(worker);
  const onExit = (worker: Worker): void => {
    listening.delete(worker);
    values.end(worker.id);
  };
  const onMessage = (worker: Worker, message: unknown): void => {
    if (!isMessage(message)) return;
    if (message.kind === 'all-wanted') void answerAll(worker, message.id);
    if (message.kind !== 'own' || !listening.has(worker)) return;
    values.note(worker.id, message.values);
    questions.answer(message.id);
  };
  cluster.on('listening', onListening).on('exit', onExit).on('message', onMessage);
  return () => cluster.off('listening', onListening).off('exit', onExit).off('message', onMessage);
};

/**
 * The metrics of all workers, whichever of them is asked: a scrape reaches any one, and counters that jump between
 * workers make every rate wrong. In a process that is no worker, the registry itself.
 */
export const metricsOfAllWorkers = (own: Registry): MetricsSource => {
  if (!cluster.isWorker) return own;
  const questions = new Questions<string>();
  const send = (message: Message): void => void process.send?.(message);
  const sendOwn = async (id: number): Promise<void> =>
    send({ kind: 'own', id, values: await own.getMetricsAsJSON() });
  process.on('message', (message: unknown) => {
    if (!isMessage(message)) return;
    if (message.kind === 'own-wanted') void sendOwn(message.id);
    if (message.kind === 'all') questions.answer(message.id, message.text);
  });
  return {
    contentType: own.contentType,
    metrics: () => questions.ask((id) => send({ kind: 'all-wanted', id }), allWithinMs),
  };
};
