import { createGroupCommit } from './group-commit';

const everyMs = 60;

it('commits what comes alone at once, and what comes just after it together', async () => {
  const batches: string[][] = [];
  const submit = createGroupCommit<string>({
    keyOf: (item) => item,
    sizeOf: () => 1,
    sizeMax: 100,
    everyMs,
    commit: async (batch) => {
      batches.push(batch.map(({ item }) => item));
      for (const { resolve } of batch) resolve();
    },
  });
  await submit('alone');
  expect(batches).toEqual([['alone']]);
  const later = ['a', 'b', 'c'].map(async (item) => {
    await Promise.resolve();
    await submit(item);
  });
  await Promise.all(later);
  expect(batches).toEqual([['alone'], ['a', 'b', 'c']]);
});
