"use strict";
/**
 * How a bug is planted: a test entry point puts a faulty part in the place of one that a service is composed of, before
 * it starts the service. Compiled modules look each other's exports up when they use them, so nothing of this is known
 * to the shipped code, and nothing has to be left open there for it.
 */
Object.defineProperty(exports, "__esModule", { value: true });
exports.changed = exports.replaceExport = void 0;
/** Replaces what a module gives to others. `module` is a namespace import (`import * as …`). */
const replaceExport = (module, name, by) => {
    const real = module[name];
    if (!Reflect.set(module, name, by(real)) || module[name] === real) {
        throw new Error(`${String(name)} could not be replaced`);
    }
};
exports.replaceExport = replaceExport;
/** A part with some of its words replaced. */
const changed = (part, words) => new Proxy(part, {
    get: (target, name) => {
        if (Object.hasOwn(words, name))
            return Reflect.get(words, name);
        const word = Reflect.get(target, name);
        return typeof word === 'function' ? word.bind(target) : word;
    },
});
exports.changed = changed;
//# sourceMappingURL=replace.js.map