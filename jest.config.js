const transform = {
  '\\.ts$': [
    '@swc/jest',
    { jsc: { parser: { syntax: 'typescript' }, target: 'es2023' }, module: { type: 'commonjs' } },
  ],
};

/** One project a kind of test; the kind is the suffix of the file's name. */
const project = (displayName, testMatch, more = {}) => ({
  displayName,
  testMatch,
  transform,
  testEnvironment: 'node',
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/dist/', '<rootDir>/.stack/'],
  ...more,
});

/** Integration and end-to-end tests share one set of real servers, started once per run. */
const onRealServers = {
  globalSetup: '<rootDir>/tests/support/start-servers.ts',
  globalTeardown: '<rootDir>/tests/support/stop-servers.ts',
};

module.exports = {
  projects: [
    project('unit', ['**/*.unit.test.ts']),
    project('int', ['**/*.int.test.ts'], onRealServers),
    project('e2e', ['**/*.e2e.test.ts'], onRealServers),
  ],
  testTimeout: 60_000,
};
