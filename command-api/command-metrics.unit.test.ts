import { Registry } from 'prom-client';
import { ProblemError } from '../chassis/http/problem';
import { readSamples, sum } from '../chassis/metric-samples';
import { countThrown, createCommandMetrics } from './command-metrics';

const problem = (status: number): ProblemError => new ProblemError({ status, error: 'X', title: 'No' });

describe('an operator’s command that ends in an error', () => {
  it.each([
    ['a 422', problem(422), 'refused'],
    ['a 503', problem(503), 'unavailable'],
    ['trouble', new Error('no connection'), 'unavailable'],
  ])('that is %s is counted, and thrown on', async (_, error, outcome) => {
    const registry = new Registry();
    const metrics = createCommandMetrics(registry);
    await expect(countThrown(metrics, 'redrive', () => Promise.reject(error))).rejects.toBe(error);
    await expect(countThrown(metrics, 'redrive', () => Promise.resolve(7))).resolves.toBe(7);
    const samples = readSamples(await registry.metrics());
    expect(sum(samples, 'command_api_admin_commands_total')).toBe(1);
    expect(sum(samples, 'command_api_admin_commands_total', { command: 'redrive', outcome })).toBe(1);
  });
});
