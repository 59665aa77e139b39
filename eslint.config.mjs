import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';

const services = ['command-api', 'saga', 'projector', 'query-api'];

/** Files that decide: facts come in as arguments, so they import types and the rules for fields alone and read no clock. */
const decisionFiles = [
  'command-api/buy.ts',
  'saga/order-saga.ts',
  'saga/stock-fold.ts',
  'projector/order-view.ts',
  'projector/item-view.ts',
  'query-api/order-status.ts',
];

const onlyKafkaAdapters = {
  name: 'kafkajs',
  message: 'Only chassis/kafka imports kafkajs: see docs/adr/0002-kafkajs-behind-adapters.md.',
};
const onlyContracts = ['avsc', '@kafkajs/confluent-schema-registry'].map((name) => ({
  name,
  message: 'Only schemas/ knows the wire format.',
}));

const forbid = (folders, message) => folders.map((folder) => ({ group: [`**/${folder}/**`], message }));

const imports = (patterns, paths = [onlyKafkaAdapters, ...onlyContracts]) => ({
  '@typescript-eslint/no-restricted-imports': ['error', { paths, patterns }],
});

export default tseslint.config(
  { ignores: ['dist/', '.stack/', 'coverage/', 'node_modules/', '**/*.js', '**/*.mjs'] },
  ...tseslint.configs.strictTypeChecked,
  prettier,
  {
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      'max-lines': ['error', { max: 250, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
      'max-depth': ['error', 3],
      'max-params': ['error', 4],
      complexity: ['error', 12],
      'no-console': 'error',
      'no-restricted-syntax': [
        'error',
        {
          selector: "MemberExpression[object.name='process'][property.name='env']",
          message: 'Only main.ts reads the environment; pass a config object.',
        },
        { selector: 'ExportDefaultDeclaration', message: 'Named exports only.' },
      ],
      ...imports([]),
    },
  },
  ...services.map((service) => ({
    files: [`${service}/**/*.ts`],
    rules: imports(
      forbid(
        services.filter((other) => other !== service),
        'A service never imports another: share through schemas/, migrations/ or chassis/.',
      ),
    ),
  })),
  {
    files: ['chassis/**/*.ts'],
    rules: imports(
      forbid(
        [...services, 'schemas', 'migrations'],
        'chassis/ knows nothing of orders and imports packages only.',
      ),
    ),
  },
  {
    files: ['chassis/kafka/**/*.ts'],
    rules: imports(
      forbid([...services, 'schemas', 'migrations'], 'chassis/ knows nothing of orders.'),
      onlyContracts,
    ),
  },
  {
    files: ['schemas/**/*.ts'],
    rules: imports(forbid(services, 'The published language knows no service.'), [onlyKafkaAdapters]),
  },
  {
    files: decisionFiles,
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: '^(?!\\.\\./schemas/fields$)',
              allowTypeImports: true,
              message: 'A decision file imports types and the rules for fields only.',
            },
          ],
        },
      ],
      'no-restricted-globals': [
        'error',
        'Date',
        'process',
        'setTimeout',
        'setInterval',
        'fetch',
        'crypto',
        'console',
      ],
      'no-restricted-properties': ['error', { object: 'Math', property: 'random' }],
    },
  },
  {
    files: ['**/main.ts', '**/*.test.ts', 'tests/**/*.ts', 'bench/**/*.ts', 'stack/**/*.ts'],
    rules: { 'no-restricted-syntax': 'off', 'no-console': 'off' },
  },
  {
    files: ['**/*.test.ts', '**/*.contract.ts', 'tests/**/*.ts', 'bench/**/*.ts'],
    rules: {
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      // expect.any() and response.json() are typed any.
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-restricted-imports': 'off',
    },
  },
);
