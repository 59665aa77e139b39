import { Gauge, type Registry } from 'prom-client';
import { withDeadline } from './deadline';
import type { LogAdmin } from './kafka/log';
import type { Releasers } from './lifecycle';
import type { Log } from './log';

export interface DependencyState {
  readonly status: 'up' | 'down' | 'unknown';
  readonly required: boolean;
  readonly detail?: string;
  readonly checked_at?: string;
}

export interface HealthReport {
  /** `degraded`: an optional dependency is down and the service works without it. */
  readonly status: 'up' | 'degraded' | 'down';
  readonly dependencies: Readonly<Record<string, DependencyState>>;
}

export interface Dependency {
  readonly name: string;
  /** Without a required dependency the service cannot do its work. */
  readonly required: boolean;
  /** Resolves when the dependency answered; rejects with the reason when it did not. */
  readonly check: () => Promise<void>;
}

export interface HealthMonitor {
  report(): HealthReport;
  stop(): void;
}

/** Every dependency is asked this often, so that a stopped server is named within 5 s (2 s + the 1.5 s deadline). */
const intervalMs = 2_000;
const checkTimeoutMs = 1_500;

const overall = (states: readonly DependencyState[]): HealthReport['status'] => {
  if (states.some((state) => state.required && state.status !== 'up')) return 'down';
  return states.every((state) => state.status === 'up') ? 'up' : 'degraded';
};

/** Asks every dependency in the background, so that a probe never waits for one that hangs. */
export const createHealthMonitor = (
  dependencies: readonly Dependency[],
  options: { readonly log: Log; readonly metrics: Registry },
): HealthMonitor => {
  const states = new Map<string, DependencyState>(
    dependencies.map(({ name, required }) => [name, { status: 'unknown', required }]),
  );
  const gauge = new Gauge({
    name: 'flashsale_dependency_up',
    help: '1 when the dependency answered its last check',
    labelNames: ['dependency'],
    // Of several workers, the one that sees trouble.
    aggregator: 'min',
    registers: [options.metrics],
  });

  const record = (dependency: Dependency, status: 'up' | 'down', detail?: string): void => {
    const before = states.get(dependency.name)?.status;
    states.set(dependency.name, {
      status,
      required: dependency.required,
      ...(detail === undefined ? {} : { detail }),
      checked_at: new Date().toISOString(),
    });
    gauge.set({ dependency: dependency.name }, status === 'up' ? 1 : 0);
    if (before === status || (before === 'unknown' && status === 'up')) return;
    const level = status === 'up' ? 'info' : 'warn';
    options.log[level](`${dependency.name} is ${status}`, { event: `dependency_${status}`, detail });
  };

  const ask = async (dependency: Dependency): Promise<void> => {
    try {
      await withDeadline(dependency.check(), checkTimeoutMs, dependency.name);
      record(dependency, 'up');
    } catch (error) {
      record(dependency, 'down', error instanceof Error ? error.message : String(error));
    }
  };

  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  const round = async (): Promise<void> => {
    await Promise.all(dependencies.map(ask));
    if (!stopped) timer = setTimeout(() => void round(), intervalMs).unref();
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

/** A monitor of these dependencies that ends with the process. */
export const watchDependencies = (
  {
    log,
    registry,
    releasers,
  }: { readonly log: Log; readonly registry: Registry; readonly releasers: Releasers },
  dependencies: readonly Dependency[],
): HealthMonitor => {
  const monitor = createHealthMonitor(dependencies, { log, metrics: registry });
  releasers.add('health', () => monitor.stop());
  return monitor;
};

const pingTimeoutMs = 1_000;

/** Every service's first dependency: the log. */
export const kafkaDependency = (admin: Pick<LogAdmin, 'ping'>): Dependency => ({
  name: 'kafka',
  required: true,
  check: () => admin.ping(pingTimeoutMs),
});
