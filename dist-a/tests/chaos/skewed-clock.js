"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
/**
 * Loaded ahead of a service by `--require`: its wall clock is off by CLOCK_SKEW_MS, and jumps by CLOCK_JUMP_MS after
 * CLOCK_JUMP_AFTER_MS. The monotonic clock is left alone, as on a machine whose operator sets the time.
 */
const millisecondsOf = (name) => Number(process.env[name] ?? 0);
const skewMs = millisecondsOf('CLOCK_SKEW_MS');
const jumpMs = millisecondsOf('CLOCK_JUMP_MS');
const jumpAfterMs = millisecondsOf('CLOCK_JUMP_AFTER_MS');
const RealDate = Date;
const now = () => {
    const jumped = jumpMs !== 0 && performance.now() > jumpAfterMs;
    return RealDate.now() + skewMs + (jumped ? jumpMs : 0);
};
globalThis.Date = new Proxy(RealDate, {
    construct: (target, given) => given.length === 0 ? new target(now()) : Reflect.construct(target, given),
    apply: () => new RealDate(now()).toString(),
    get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
});
//# sourceMappingURL=skewed-clock.js.map