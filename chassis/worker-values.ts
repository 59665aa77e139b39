import { AggregatorRegistry, type MetricObjectWithValues, type MetricValue } from 'prom-client';

/** The metrics of one process, as it gives them away. */
export type Values = readonly MetricObjectWithValues<MetricValue<string>>[];

const merged = (all: readonly Values[]): Values =>
  AggregatorRegistry.aggregate(all as Values[]).getMetricsAsArray() as unknown as Values;

/** What only grows while its process lives; a gauge says how it is now, and ends with it. */
const isCounted = ({ type }: Values[number]): boolean => ['counter', 'histogram'].includes(String(type));

/**
 * What each worker said last, and what those that ended had counted by then. So a sum never falls: Prometheus takes a
 * counter that falls for one that began anew, and adds all of it to the rate once more. What a worker counted after its
 * last word ends with it.
 */
export class WorkerValues {
  private readonly last = new Map<number, Values>();
  private ended: Values = [];

  note(worker: number, values: Values): void {
    this.last.set(worker, values);
  }

  end(worker: number): void {
    const values = this.last.get(worker) ?? [];
    this.last.delete(worker);
    this.ended = merged([this.ended, values.filter(isCounted)]);
  }

  /** In the text format of Prometheus. */
  text(): Promise<string> {
    return AggregatorRegistry.aggregate([...this.last.values(), this.ended] as Values[]).metrics();
  }
}
