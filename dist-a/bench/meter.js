"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.createMeter = void 0;
const cpu_seconds_1 = require("./cpu-seconds");
const ownSeconds = () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
};
/** The server must run on this machine. */
const createMeter = async (pool) => {
    const { rows } = await pool.query('select pg_backend_pid() as pid');
    const postmaster = (0, cpu_seconds_1.parentOf)(rows[0]?.pid ?? 0);
    return async (what, count, work) => {
        const [own, server, startedAtMs] = [ownSeconds(), (0, cpu_seconds_1.cpuSecondsOf)(postmaster), performance.now()];
        await work();
        const seconds = (performance.now() - startedAtMs) / 1000;
        const each = (cpuSeconds) => ((cpuSeconds / count) * 1e6).toFixed(1).padStart(6);
        const rate = Math.round(count / seconds).toLocaleString('en-US');
        console.log(`${what.padEnd(46)} ${seconds.toFixed(1).padStart(6)} s ${rate.padStart(9)}/s` +
            `  CPU µs each: here ${each(ownSeconds() - own)}, PostgreSQL ${each((0, cpu_seconds_1.cpuSecondsOf)(postmaster) - server)}`);
    };
};
exports.createMeter = createMeter;
//# sourceMappingURL=meter.js.map