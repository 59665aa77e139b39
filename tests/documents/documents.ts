/** What a stranger types commands from. */
export const documents = [
  'README.md',
  'CONTRIBUTING.md',
  'docs/OPERATIONS.md',
  'docs/TESTING.md',
  'docs/tracing.md',
  'docs/scaling.md',
  'docs/SECURITY.md',
] as const;
