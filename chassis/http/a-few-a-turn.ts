/** At most 1 to 2 ms of a turn: ending a client with an answer takes 100 to 150 µs. */
const perTurn = 10;

/**
 * A function that takes one value at a time and passes it on to `handle` in this or a later turn of the event loop, in order and
 * at most ten in each, so that others are served in between. What waits is bounded by what the caller brings.
 */
export const aFewATurn = <T>(handle: (value: T) => void): ((value: T) => void) => {
  const waiting: T[] = [];
  let isScheduled = false;
  const schedule = (): void => {
    if (isScheduled || waiting.length === 0) return;
    isScheduled = true;
    setImmediate(handleSome);
  };
  const handleSome = (): void => {
    for (const value of waiting.splice(0, perTurn)) handle(value);
    isScheduled = false;
    schedule();
  };
  return (value) => {
    waiting.push(value);
    schedule();
  };
};
