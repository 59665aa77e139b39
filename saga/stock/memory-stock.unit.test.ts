import { MemoryStock } from './memory-stock';
import { describeStock } from './stock.contract';

describeStock('in memory', async () => {
  const stock = new MemoryStock(() => 1_800_000_000_000);
  return { connect: () => stock.connect(), nowMs: async () => 1_800_000_000_000 };
});
