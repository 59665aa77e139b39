/** Figures as people read them. */

export const count = (value: number): string => value.toLocaleString('en-US');

/** `850 ms`, `12.3 s`, `4 min`, `3 h`, `2 d`. */
export const duration = (ms: number): string => {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`;
  if (ms < 3_600_000) return `${Math.floor(ms / 60_000)} min`;
  return ms < 86_400_000 ? `${Math.floor(ms / 3_600_000)} h` : `${Math.floor(ms / 86_400_000)} d`;
};

/** `[######----]`: how much of `whole` is `part`. */
export const bar = (part: number, whole: number, width: number): string => {
  const share = whole <= 0 ? 0 : Math.min(1, Math.max(0, part / whole));
  // Something is never shown as nothing, and not everything never as everything.
  const rounded = Math.round(share * width);
  const filled = share > 0 && share < 1 ? Math.min(width - 1, Math.max(1, rounded)) : rounded;
  return `${'#'.repeat(filled)}${'-'.repeat(width - filled)}`;
};

/** `2026-05-01 12:00:00.123` of an RFC 3339 time, in UTC; `-` for none. */
export const instant = (at: string | null | undefined): string =>
  at ? at.replace('T', ' ').replace(/Z$/, '') : '-';
