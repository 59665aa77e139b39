/** A source of chance that a seed determines: the same seed, the same run. */
export interface Random {
  /** From 0 up to, not including, 1. */
  next(): number;
  chance(probability: number): boolean;
  /** An integer from 0 up to, not including, `below`. */
  integer(below: number): number;
  pick<T>(from: readonly T[]): T | undefined;
}

/** Marsaglia's xorshift with 32 bits of state, after mixing the seed so that neighbours differ at once. */
export const randomOf = (seed: number): Random => {
  let state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) | 1;
  const next = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 0x1_0000_0000;
  };
  for (let warmUp = 0; warmUp < 8; warmUp += 1) next();
  const integer = (below: number): number => Math.floor(next() * below);
  return {
    next,
    integer,
    chance: (probability) => next() < probability,
    pick: (from) => from[integer(from.length)],
  };
};
