/** `after-settle@3`: the third time that a step is passed. */
export interface Failpoint {
  readonly step: string;
  readonly nth: number;
}

const pattern = /^([a-z-]+)@(\d+)$/;

/** @throws Error when the text is none: a failpoint that never fires would prove nothing. */
export const parseFailpoint = (text: string): Failpoint => {
  const match = pattern.exec(text);
  if (!match) throw new Error(`${text} is no failpoint: write step@count`);
  return { step: match[1] ?? '', nth: Number(match[2]) };
};

/** Ends the process by SIGKILL, as a power cut would, when the failpoint's step is passed the n-th time. */
export const dieAt = (text: string | undefined): ((step: string) => void) => {
  if (text === undefined || text === '') return () => undefined;
  const { step: wanted, nth } = parseFailpoint(text);
  let passed = 0;
  return (step) => {
    if (step !== wanted) return;
    passed += 1;
    if (passed === nth) process.kill(process.pid, 'SIGKILL');
  };
};
