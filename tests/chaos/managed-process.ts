import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { pause, withDeadline } from '../../chassis/deadline';
import { tether } from '../../stack/tether';
import { isAsAsked } from './exits';

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface ProcessPlan {
  readonly name: string;
  /** Under dist/, or of a test. */
  readonly main: string;
  readonly port: number;
  readonly environment: NodeJS.ProcessEnv;
  readonly nodeArguments?: readonly string[];
  readonly logFile: string;
  /** A descriptor that takes the place of the log file; whoever opened it closes it. */
  readonly output?: number | undefined;
  /** Where a test entry point reads what to die of; see failpoint.ts. */
  readonly failpointFile: string;
}

export interface ProcessEvents {
  /** Every end, with whether it is the one that somebody here asked for. */
  readonly onExit: (exit: Exit & { readonly process: string; readonly planned: boolean }) => void;
}

const restartAfterMs = 500;
/** Far above what a start takes (3 s), because bounds are judged from the history and this is no bound. */
const readyWithinMs = 120_000;
const probeTimeoutMs = 2_000;
/** Nine processes that start on two cores are asked by the one that holds all links. */
const probeEveryMs = 200;
const stopWithinMs = 20_000;
const disarmedAfterMs = 500;

/** A service that is kept up as an orchestrator would: it is started again when it ends, unless it is held down. */
export class ManagedProcess {
  readonly name: string;
  readonly port: number;
  readonly url: string;
  #plan: ProcessPlan;
  readonly #events: ProcessEvents;
  #child: ChildProcess | undefined;
  #exited: Promise<Exit> = Promise.resolve({ code: null, signal: null });
  /** The signal by which somebody here has asked it to end. */
  #asked: NodeJS.Signals | undefined;
  /** Of the monotonic clock: an end that was asked for politely is as planned only until then, and with code 0. */
  #leavesByMs: number | undefined;
  #isArmed = false;
  #isHeld = true;
  #isStopped = false;
  startsCount = 0;

  constructor(plan: ProcessPlan, events: ProcessEvents) {
    this.name = plan.name;
    this.port = plan.port;
    this.url = `http://127.0.0.1:${plan.port}`;
    this.#plan = plan;
    this.#events = events;
  }

  get pid(): number | undefined {
    return this.#isAlive() ? this.#child?.pid : undefined;
  }

  /** Runs, as far as the system says; it may be asleep or not ready. */
  get isUp(): boolean {
    return this.#isAlive() && !this.#isStopped;
  }

  /** Replaces what the next start runs: a test entry point, other settings. */
  replan(changes: Partial<Pick<ProcessPlan, 'main' | 'environment' | 'nodeArguments' | 'output'>>): void {
    const environment = { ...this.#plan.environment, ...changes.environment };
    this.#plan = { ...this.#plan, ...changes, environment };
  }

  /** Starts it, and keeps it up from now on. Does not wait. */
  launch(): void {
    this.#isHeld = false;
    if (this.#isAlive()) return;
    mkdirSync(dirname(this.#plan.logFile), { recursive: true });
    const log = openSync(this.#plan.logFile, 'a');
    const output = this.#plan.output ?? log;
    const child = spawn(
      process.execPath,
      [...(this.#plan.nodeArguments ?? []), '--enable-source-maps', this.#plan.main],
      { env: this.#plan.environment, stdio: ['ignore', output, output], detached: true },
    );
    closeSync(log);
    this.#child = child;
    this.startsCount += 1;
    this.#asked = undefined;
    this.#leavesByMs = undefined;
    this.#isArmed = false;
    this.#isStopped = false;
    const letGo = tether(child.pid ?? 0, 'SIGKILL');
    this.#exited = new Promise((resolve) => {
      child.once('exit', (code, signal) => {
        letGo();
        this.#events.onExit({
          process: this.name,
          code,
          signal,
          planned: this.#isAsPlanned({ code, signal }),
        });
        resolve({ code, signal });
        if (!this.#isHeld) setTimeout(() => !this.#isHeld && this.launch(), restartAfterMs);
      });
    });
  }

  /** @throws DeadlineError */
  async ready(withinMs = readyWithinMs): Promise<void> {
    const endsAtMs = performance.now() + withinMs;
    for (;;) {
      if (await this.isReady()) return;
      if (performance.now() > endsAtMs) throw new Error(`${this.name} is not ready after ${withinMs} ms`);
      await pause(probeEveryMs);
    }
  }

  async isReady(): Promise<boolean> {
    try {
      const answer = await fetch(`${this.url}/readyz`, { signal: AbortSignal.timeout(probeTimeoutMs) });
      return answer.ok;
    } catch {
      return false;
    }
  }

  /** Ends it by a signal; it is started again by itself. Resolves when it has ended. */
  async kill(signal: NodeJS.Signals): Promise<Exit> {
    this.#asked = signal;
    this.#child?.kill('SIGCONT');
    this.#child?.kill(signal);
    return withDeadline(this.#exited, stopWithinMs, `${this.name} after ${signal}`);
  }

  /** Ends it by SIGTERM; unless it leaves with code 0 within that time, the end counts as unexpected. */
  async retire(withinMs: number): Promise<Exit> {
    this.#leavesByMs = performance.now() + withinMs;
    return this.kill('SIGTERM');
  }

  /** The end that comes next, whoever brings it about. */
  async ended(withinMs: number): Promise<Exit> {
    return withDeadline(this.#exited, withinMs, `the end of ${this.name}`);
  }

  /** Ends it and keeps it down until `launch`. */
  async hold(signal: NodeJS.Signals = 'SIGKILL'): Promise<Exit> {
    this.#isHeld = true;
    if (!this.#isAlive()) return this.#exited;
    return this.kill(signal);
  }

  /** Makes a test entry point die, or fall asleep, at a step; see failpoint.ts. The shipped one would just end. */
  arm(failpoint: string): void {
    this.#isArmed = true;
    writeFileSync(this.#plan.failpointFile, failpoint);
    this.#child?.kill('SIGUSR2');
  }

  /** What was armed will not happen; an end from now on is nobody's plan. */
  disarm(): void {
    // A step that nobody passes.
    writeFileSync(this.#plan.failpointFile, 'never@1');
    this.#child?.kill('SIGUSR2');
    const child = this.#child;
    const settle = (): void => {
      if (this.#child === child) this.#isArmed = false;
    };
    // It may have come to its step already: then it is dead, and nobody here knows yet.
    setTimeout(settle, disarmedAfterMs).unref();
  }

  /** Resolves when it has been stopped, by whomever. @throws Error */
  async asleep(withinMs: number): Promise<void> {
    const endsAtMs = performance.now() + withinMs;
    while (!this.#hasStopped()) {
      if (performance.now() > endsAtMs) throw new Error(`${this.name} does not fall asleep`);
      await pause(20);
    }
    this.#isStopped = true;
  }

  sleep(): void {
    this.#isStopped = true;
    this.#child?.kill('SIGSTOP');
  }

  wake(): void {
    this.#isStopped = false;
    this.#child?.kill('SIGCONT');
  }

  #isAsPlanned(exit: Exit): boolean {
    // What is armed ends itself by SIGKILL; see failpoint.ts.
    if (this.#isArmed && isAsAsked(exit, 'SIGKILL')) return true;
    return this.#asked !== undefined && isAsAsked(exit, this.#asked) && this.#isPolite(exit.code);
  }

  #isPolite(code: number | null): boolean {
    return this.#leavesByMs === undefined || (code === 0 && performance.now() <= this.#leavesByMs);
  }

  #hasStopped(): boolean {
    if (this.pid === undefined) return false;
    return /^\d+ \(.*\) T/.test(readFileSync(`/proc/${this.pid}/stat`, 'utf8'));
  }

  #isAlive(): boolean {
    return this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }
}
