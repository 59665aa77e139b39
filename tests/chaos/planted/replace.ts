/**
 * How a bug is planted: a test entry point puts a faulty part in the place of one that a service is composed of, before
 * it starts the service. Compiled modules look each other's exports up when they use them, so nothing of this is known
 * to the shipped code, and nothing has to be left open there for it.
 */

/** Replaces what a module gives to others. `module` is a namespace import (`import * as …`). */
export const replaceExport = <M extends object, K extends keyof M>(
  module: M,
  name: K,
  by: (real: M[K]) => M[K],
): void => {
  const real = module[name];
  if (!Reflect.set(module, name, by(real)) || module[name] === real) {
    throw new Error(`${String(name)} could not be replaced`);
  }
};

/** A part with some of its words replaced. */
export const changed = <T extends object>(part: T, words: Partial<T>): T =>
  new Proxy(part, {
    get: (target, name) => {
      if (Object.hasOwn(words, name)) return Reflect.get(words, name) as unknown;
      const word: unknown = Reflect.get(target, name);
      return typeof word === 'function' ? (word.bind(target) as unknown) : word;
    },
  });
