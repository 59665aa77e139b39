import type { Clock } from '../ports';
import type { Random } from './random';

/** A process of the simulation. Every wait of its code is a turn in the world, so it can be held up or ended there. */
export interface Actor {
  readonly name: string;
  isAlive: boolean;
  pausedUntilMs: number;
}

interface Waiting {
  readonly actor: Actor;
  notBeforeMs: number;
  readonly resume: () => void;
}

/** Lets all code run that can run without another turn. */
const settle = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

/**
 * Time and the order of events, drawn from a seed. Exactly one wait ends per step, so a run is a sequence of atomic
 * actions in an order that chance chose.
 */
export class World {
  nowMs = 1_000_000;
  steps = 0;
  private waiting: Waiting[] = [];
  private readonly random: Random;

  constructor(random: Random) {
    this.random = random;
  }

  /** Ends when it is this actor's turn; never, when the actor has died. */
  turn(actor: Actor): Promise<void> {
    return this.wait(actor, this.nowMs);
  }

  pause(actor: Actor, milliseconds: number, signal?: AbortSignal): Promise<void> {
    return this.wait(actor, this.nowMs + (signal?.aborted ? 0 : milliseconds), signal);
  }

  clockOf(actor: Actor): Clock {
    return {
      nowMs: () => this.nowMs,
      pause: (milliseconds, signal) => this.pause(actor, milliseconds, signal),
    };
  }

  kill(actor: Actor): void {
    actor.isAlive = false;
    this.waiting = this.waiting.filter((it) => it.actor !== actor);
  }

  /** Lets one wait end. Time goes on by a little, or up to the first wait that can end. */
  async step(): Promise<void> {
    this.steps += 1;
    this.nowMs += 1 + this.random.integer(4);
    const chosen = this.choose();
    if (chosen) {
      this.waiting.splice(this.waiting.indexOf(chosen), 1);
      chosen.resume();
    }
    await settle();
  }

  private wait(actor: Actor, notBeforeMs: number, signal?: AbortSignal): Promise<void> {
    if (!actor.isAlive) return new Promise(() => undefined);
    return new Promise((resolve) => {
      const hurry = (): void => {
        waiting.notBeforeMs = Math.min(waiting.notBeforeMs, this.nowMs);
      };
      const resume = (): void => {
        signal?.removeEventListener('abort', hurry);
        resolve();
      };
      const waiting: Waiting = { actor, notBeforeMs, resume };
      this.waiting.push(waiting);
      signal?.addEventListener('abort', hurry);
    });
  }

  private choose(): Waiting | undefined {
    let earliestMs = Infinity;
    const ready: Waiting[] = [];
    for (const it of this.waiting) {
      const atMs = Math.max(it.notBeforeMs, it.actor.pausedUntilMs);
      if (atMs <= this.nowMs) ready.push(it);
      else earliestMs = Math.min(earliestMs, atMs);
    }
    if (ready.length > 0) return this.random.pick(ready);
    if (earliestMs === Infinity) return undefined;
    this.nowMs = earliestMs;
    return this.choose();
  }
}
