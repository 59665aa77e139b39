/**
 * Many callers share one question to a server, but only one that was asked after they came: an answer already under
 * way may be older than what the caller wants to be sure of. At most one question is under way at a time.
 */
export const shareQuestion = <T>(ask: () => Promise<T>): (() => Promise<T>) => {
  let asking: Promise<T> | undefined;
  let next: Promise<T> | undefined;

  const begin = (): Promise<T> => {
    const mine = ask().finally(() => {
      if (asking === mine) asking = undefined;
    });
    asking = mine;
    return mine;
  };
  const afterwards = async (before: Promise<T>): Promise<T> => {
    await before.catch(() => undefined);
    next = undefined;
    return begin();
  };

  return () => {
    if (!asking) return begin();
    next ??= afterwards(asking);
    return next;
  };
};
