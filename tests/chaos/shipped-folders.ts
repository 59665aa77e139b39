/** What is in the image, as source and, below `dist/`, compiled. */
export const shippedFolders: readonly string[] = [
  'chassis',
  'schemas',
  'migrations',
  'command-api',
  'saga',
  'projector',
  'query-api',
  'cli',
  'bench/demo',
];
