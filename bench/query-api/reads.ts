import { openReader, requestText } from '../../tests/support/raw-reader';

export interface Reads {
  readonly seconds: number;
  readonly answered: number;
  /** Answers other than 200. */
  readonly failed: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

export const percentileOf = (values: readonly number[], share: number): number => {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
};

/**
 * Keeps one question in flight on every connection until the time is over. Sockets are written and read by hand: an
 * HTTP client would cost as much as the server that is measured.
 */
export const readOrders = async (options: {
  readonly url: string;
  readonly connections: number;
  readonly durationMs: number;
  readonly nextPath: () => string;
}): Promise<Reads> => {
  const url = new URL(options.url);
  const latencies: number[] = [];
  let failed = 0;
  const startedAtMs = performance.now();
  const endsAtMs = startedAtMs + options.durationMs;
  const drive = async (): Promise<void> => {
    let settle: (answer: string) => void = () => undefined;
    const socket = await openReader(url, (answer) => settle(answer));
    while (performance.now() < endsAtMs) {
      const sentAtMs = performance.now();
      const answer = await new Promise<string>((resolve, reject) => {
        settle = resolve;
        socket.once('close', () => reject(new Error('the server closed a connection')));
        socket.write(requestText(url, options.nextPath()), 'latin1');
      });
      socket.removeAllListeners('close');
      latencies.push(performance.now() - sentAtMs);
      if (!answer.startsWith('HTTP/1.1 200')) failed += 1;
    }
    socket.destroy();
  };
  await Promise.all(Array.from({ length: options.connections }, drive));
  return {
    seconds: (performance.now() - startedAtMs) / 1000,
    answered: latencies.length,
    failed,
    p50Ms: percentileOf(latencies, 0.5),
    p99Ms: percentileOf(latencies, 0.99),
  };
};
