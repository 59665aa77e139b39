import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { readSamples, sum } from './metric-samples';
import { WorkerValues, type Values } from './worker-values';

/** What a worker gives away that has accepted so many orders, through the channel that turns all of it into JSON. */
const valuesOf = async (accepted: number): Promise<Values> => {
  const registers = [new Registry()];
  new Counter({ name: 'accepted_total', help: '-', registers }).inc(accepted);
  const seconds = new Histogram({ name: 'seconds', help: '-', buckets: [1], registers });
  for (let at = 0; at < accepted; at += 1) seconds.observe(0.5);
  new Gauge({ name: 'in_flight', help: '-', registers }).set(7);
  return JSON.parse(JSON.stringify(await registers[0]?.getMetricsAsJSON())) as Values;
};

const readAll = async (values: WorkerValues): Promise<(name: string) => number | undefined> => {
  const samples = readSamples(await values.text());
  return (name) => sum(samples, name);
};

describe('the metrics of several workers', () => {
  it('are their sum, and of a worker that says nothing more what it said last', async () => {
    const values = new WorkerValues();
    values.note(1, await valuesOf(10));
    values.note(2, await valuesOf(5));
    values.note(2, await valuesOf(6));
    const read = await readAll(values);
    expect(read('accepted_total')).toBe(16);
    expect(read('seconds_count')).toBe(16);
    expect(read('in_flight')).toBe(14);
  });

  it('keep what workers had counted that ended, and forget how they were', async () => {
    const values = new WorkerValues();
    values.note(1, await valuesOf(10));
    values.note(2, await valuesOf(5));
    for (const [worker, accepted] of [
      [3, 100],
      [4, 1_000],
    ] as const) {
      values.note(worker, await valuesOf(accepted));
      values.end(worker);
    }
    values.end(5);
    const read = await readAll(values);
    expect(read('accepted_total')).toBe(1_115);
    expect(read('seconds_count')).toBe(1_115);
    expect(read('in_flight')).toBe(14);
  });
});
