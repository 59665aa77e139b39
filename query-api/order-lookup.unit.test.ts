import type { Pool } from 'pg';
import { OrderLookup } from './order-lookup';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

const lookup = (): { readonly orders: OrderLookup; readonly asked: string[][] } => {
  const asked: string[][] = [];
  const query = async ({ values }: { values: string[][] }): Promise<unknown> => {
    asked.push(values[0] ?? []);
    return { rows: [] };
  };
  return { orders: new OrderLookup({ pool: { query } as unknown as Pool }), asked };
};

describe('questions for orders', () => {
  it('that are patient go out together after 15 ms', async () => {
    const { orders, asked } = lookup();
    void orders.find('a', 'patient');
    await jest.advanceTimersByTimeAsync(10);
    void orders.find('b', 'patient');
    expect(asked).toEqual([]);
    await jest.advanceTimersByTimeAsync(6);
    expect(asked).toEqual([['a', 'b']]);
  });

  it('that are patient go with the first one that is not', async () => {
    const { orders, asked } = lookup();
    void orders.find('a', 'patient');
    void orders.find('b');
    await jest.advanceTimersByTimeAsync(1);
    expect(asked).toEqual([['a', 'b']]);
    await jest.advanceTimersByTimeAsync(50);
    expect(asked).toHaveLength(1);
  });

  it('that come one after the other are 3 ms apart', async () => {
    const { orders, asked } = lookup();
    void orders.find('a');
    await jest.advanceTimersByTimeAsync(1);
    void orders.find('b');
    await jest.advanceTimersByTimeAsync(1);
    expect(asked).toEqual([['a']]);
    await jest.advanceTimersByTimeAsync(2);
    expect(asked).toEqual([['a'], ['b']]);
  });
});
