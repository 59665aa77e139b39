import { lookAtProcess, type ProcessLook } from '../chassis/process-look';

/** The processes beside this one, and where they are; undefined: nobody has told. */
export type ProcessAddresses = Readonly<Record<OtherProcess, string | undefined>>;
export type OtherProcess = 'command-api' | 'saga' | 'projector';

export interface ProcessWatch {
  /** What the process said last; undefined while nobody knows. */
  look(name: OtherProcess): ProcessLook | undefined;
}

/** A process that hangs is called silent after this long; an answer takes some milliseconds. */
const answerWithinMs = 2_000;
/** What was said before somebody went to lunch says nothing about now. */
const knownForMs = 5_000;

const read = async (url: string): Promise<unknown> => {
  const answer = await fetch(url, { signal: AbortSignal.timeout(answerWithinMs) });
  return url.endsWith('/metrics') ? answer.text() : answer.json();
};

/** Asks one process whenever somebody looks, unless it is being asked already: a look never waits. */
const watchOne = (url: string, clock: () => number): (() => ProcessLook | undefined) => {
  let isAsking = false;
  let known: { readonly look: ProcessLook; readonly atMs: number } | undefined;
  const ask = async (): Promise<void> => {
    isAsking = true;
    const look = await lookAtProcess((path) => read(`${url.replace(/\/+$/, '')}${path}`));
    known = { look, atMs: clock() };
    isAsking = false;
  };
  return () => {
    if (!isAsking) void ask();
    return known && clock() - known.atMs <= knownForMs ? known.look : undefined;
  };
};

/** @param clock milliseconds, never going back */
export const watchProcesses = (addresses: ProcessAddresses, clock: () => number): ProcessWatch => {
  const looks = new Map(
    Object.entries(addresses).flatMap(([name, url]) =>
      url === undefined ? [] : [[name, watchOne(url, clock)] as const],
    ),
  );
  return { look: (name) => looks.get(name)?.() };
};
