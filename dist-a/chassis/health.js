"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.kafkaDependency = exports.watchDependencies = exports.createHealthMonitor = void 0;
const prom_client_1 = require("prom-client");
const deadline_1 = require("./deadline");
/** Every dependency is asked this often, so that a stopped server is named within 5 s (2 s + the 1.5 s deadline). */
const intervalMs = 2_000;
const checkTimeoutMs = 1_500;
const overall = (states) => {
    if (states.some((state) => state.required && state.status !== 'up'))
        return 'down';
    return states.every((state) => state.status === 'up') ? 'up' : 'degraded';
};
/** Asks every dependency in the background, so that a probe never waits for one that hangs. */
const createHealthMonitor = (dependencies, options) => {
    const states = new Map(dependencies.map(({ name, required }) => [name, { status: 'unknown', required }]));
    const gauge = new prom_client_1.Gauge({
        name: 'flashsale_dependency_up',
        help: '1 when the dependency answered its last check',
        labelNames: ['dependency'],
        registers: [options.metrics],
    });
    const record = (dependency, status, detail) => {
        const before = states.get(dependency.name)?.status;
        states.set(dependency.name, {
            status,
            required: dependency.required,
            ...(detail === undefined ? {} : { detail }),
            checked_at: new Date().toISOString(),
        });
        gauge.set({ dependency: dependency.name }, status === 'up' ? 1 : 0);
        if (before === status || (before === 'unknown' && status === 'up'))
            return;
        const level = status === 'up' ? 'info' : 'warn';
        options.log[level](`${dependency.name} is ${status}`, { event: `dependency_${status}`, detail });
    };
    const ask = async (dependency) => {
        try {
            await (0, deadline_1.withDeadline)(dependency.check(), checkTimeoutMs, dependency.name);
            record(dependency, 'up');
        }
        catch (error) {
            record(dependency, 'down', error instanceof Error ? error.message : String(error));
        }
    };
    let stopped = false;
    let timer;
    const round = async () => {
        await Promise.all(dependencies.map(ask));
        if (!stopped)
            timer = setTimeout(() => void round(), intervalMs).unref();
    };
    void round();
    return {
        report: () => ({ status: overall([...states.values()]), dependencies: Object.fromEntries(states) }),
        stop: () => {
            stopped = true;
            clearTimeout(timer);
        },
    };
};
exports.createHealthMonitor = createHealthMonitor;
/** A monitor of these dependencies that ends with the process. */
const watchDependencies = ({ log, registry, releasers, }, dependencies) => {
    const monitor = (0, exports.createHealthMonitor)(dependencies, { log, metrics: registry });
    releasers.add('health', () => monitor.stop());
    return monitor;
};
exports.watchDependencies = watchDependencies;
const pingTimeoutMs = 1_000;
/** Every service's first dependency: the log. */
const kafkaDependency = (admin) => ({
    name: 'kafka',
    required: true,
    check: () => admin.ping(pingTimeoutMs),
});
exports.kafkaDependency = kafkaDependency;
//# sourceMappingURL=health.js.map