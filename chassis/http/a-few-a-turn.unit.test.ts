import { aFewATurn } from './a-few-a-turn';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a few a turn', () => {
  it('handles 25 in their order, ten in a turn of the event loop and none at once', async () => {
    const handled: number[] = [];
    const take = aFewATurn((value: number) => handled.push(value));
    for (let value = 0; value < 25; value += 1) take(value);
    const counts = [handled.length];
    while (handled.length < 25 && counts.length < 10) {
      await turn();
      counts.push(handled.length);
    }
    expect(counts).toEqual([0, 10, 20, 25]);
    expect(handled).toEqual(Array.from({ length: 25 }, (_, value) => value));
  });

  it('goes on with what comes after all was handled, or while some are', async () => {
    const handled: string[] = [];
    const take = aFewATurn((value: string) => {
      handled.push(value);
      if (value === 'first') take('from within');
    });
    take('first');
    await turn();
    await turn();
    take('later');
    await turn();
    expect(handled).toEqual(['first', 'from within', 'later']);
  });
});
