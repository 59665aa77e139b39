import { MemoryStock } from './memory-stock';
import { describeStock } from './stock.contract';

describeStock('in memory', async () => {
  let nowMs = 1_800_000_000_000;
  const stock = new MemoryStock(() => nowMs);
  return {
    connect: () => stock.connect(),
    nowMs: async () => nowMs,
    wait: async (milliseconds) => {
      nowMs += milliseconds;
    },
  };
});
