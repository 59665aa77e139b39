import { inTurn } from './in-turn';

it('reads go one at a time, four may wait, and one that fails holds up nobody', async () => {
  const begun: number[] = [];
  const ends: (() => void)[] = [];
  const read = inTurn(async (question: number) => {
    begun.push(question);
    await new Promise<void>((resolve) => ends.push(resolve));
    if (question === 1) throw new Error('too slow');
    return question;
  });
  const asked = [1, 2, 3, 4, 5].map(read);
  const all = Promise.allSettled(asked);
  await expect(read(6)).rejects.toMatchObject({ problem: { status: 503 } });
  await new Promise(setImmediate);
  expect(begun).toEqual([1]);
  while (begun.length < 5 || ends.length > 0) {
    ends.shift()?.();
    await new Promise(setImmediate);
  }
  expect((await all).map(({ status }) => status)).toEqual([
    'rejected',
    'fulfilled',
    'fulfilled',
    'fulfilled',
    'fulfilled',
  ]);
  expect(begun).toEqual([1, 2, 3, 4, 5]);
});
