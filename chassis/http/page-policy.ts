/**
 * The Content-Security-Policy of our pages: one loads itself, asks this origin and nothing else, and works offline.
 * @param alsoAsks another origin that its script may ask
 */
export const pagePolicy = (alsoAsks?: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    ["connect-src 'self'", alsoAsks].filter(Boolean).join(' '),
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
