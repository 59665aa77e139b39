import { freePort, usePartOfPorts } from './ports';

it('takes free ports from one part only, when told so', async () => {
  usePartOfPorts(2, 4);
  const ports = await Promise.all(Array.from({ length: 50 }, freePort));
  expect(Math.min(...ports)).toBeGreaterThanOrEqual(26_350);
  expect(Math.max(...ports)).toBeLessThan(29_525);
});
