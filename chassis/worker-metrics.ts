import cluster, { type Worker } from 'node:cluster';
import {
  AggregatorRegistry,
  type MetricObjectWithValues,
  type MetricValue,
  type Registry,
} from 'prom-client';
import { withDeadline } from './deadline';

/** What an endpoint needs of a registry. */
export type MetricsSource = Pick<Registry, 'contentType' | 'metrics'>;

type Values = readonly MetricObjectWithValues<MetricValue<string>>[];

/** A worker that was scraped wants everybody's; the first process wants each worker's own. */
type Message =
  | { readonly kind: 'all-wanted'; readonly id: number }
  | { readonly kind: 'own-wanted'; readonly id: number }
  | { readonly kind: 'own'; readonly id: number; readonly values: Values }
  | { readonly kind: 'all'; readonly id: number; readonly text: string };

const allWithinMs = 5_000;
/** A worker that hangs is left out of a scrape, not the others with it. */
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
  const questions = new Questions<Values>();
  const listening = new Set<Worker>();
  const own = (worker: Worker): Promise<Values> =>
    questions
      .ask((id) => worker.send({ kind: 'own-wanted', id } satisfies Message), ownWithinMs)
      .catch(() => []);
  const answerAll = async (asker: Worker, id: number): Promise<void> => {
    // One that has not begun to listen counts nothing yet, and would not answer.
    const all = await Promise.all([...listening].filter((worker) => worker.isConnected()).map(own));
    const text = await AggregatorRegistry.aggregate(all).metrics();
    if (asker.isConnected()) asker.send({ kind: 'all', id, text } satisfies Message);
  };
  const onListening = (worker: Worker): void => void listening.add(worker);
  const onExit = (worker: Worker): void => void listening.delete(worker);
  const onMessage = (worker: Worker, message: unknown): void => {
    if (!isMessage(message)) return;
    if (message.kind === 'all-wanted') void answerAll(worker, message.id);
    if (message.kind === 'own') questions.answer(message.id, message.values);
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
