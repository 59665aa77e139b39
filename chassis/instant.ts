/** RFC 3339 with a time zone, or milliseconds since 1970; `undefined` for anything else. */
export const parseInstantMs = (text: string): number | undefined => {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  const isInstant = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/i.test(text);
  const ms = isInstant ? Date.parse(text) : Number.NaN;
  return Number.isNaN(ms) ? undefined : ms;
};
