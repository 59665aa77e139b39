import type { RunningServer } from '../../stack/server-process';

/** Kafka, the registry, Redis or PostgreSQL on one port and one data folder, through as many processes as it takes. */
export class ManagedServer {
  readonly name: string;
  readonly #begin: () => Promise<RunningServer>;
  #running: RunningServer | undefined;

  constructor(name: string, begin: () => Promise<RunningServer>) {
    this.name = name;
    this.#begin = begin;
  }

  get isUp(): boolean {
    return this.#running !== undefined;
  }

  get url(): string {
    return this.#now().url;
  }

  get pid(): number {
    return this.#now().pid;
  }

  /** Resolves when it answers. */
  async start(): Promise<void> {
    this.#running ??= await this.#begin();
  }

  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const running = this.#now();
    this.#running = undefined;
    await running.kill(signal);
  }

  /** As its operator would. */
  async stop(): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    await running?.stop();
  }

  /** Ends it by force, whatever it is doing. For data that nobody wants any more. */
  async destroy(): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    // PostgreSQL's immediate stop takes its other processes and its shared memory along.
    if (running?.name === 'postgres') {
      await running.kill('SIGCONT');
      await running.kill('SIGQUIT').catch(() => running.kill('SIGKILL'));
    } else await running?.kill('SIGKILL');
  }

  sleep(): void {
    void this.#now().kill('SIGSTOP');
  }

  wake(): void {
    void this.#now().kill('SIGCONT');
  }

  #now(): RunningServer {
    if (!this.#running) throw new Error(`${this.name} does not run`);
    return this.#running;
  }
}
