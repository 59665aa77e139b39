/** Commands of the documents that no test types, each with the reason; everything else is run. */
export const notRun: readonly { readonly pattern: RegExp; readonly because: string }[] = [
  {
    pattern: /^make (test(-(?!order|idempotency|refusals)[\w-]+)?|simulate)( .*)?$/,
    because: 'it runs tests, this one or long ones',
  },
  { pattern: /^make (install|build|lint)$/, because: 'make test has run it before' },
  {
    pattern: /^(\S+=\S+ )*make (demo|up|down|restart|clean)( .*)?$/,
    because: 'it starts or stops the stack of the checkout; `make test-targets` types each',
  },
  { pattern: /^make (logs|bench\S*|chaos\S*|audit)( .*)?$/, because: 'it does not end, or takes minutes' },
  {
    pattern: /^(make generate|node dist\/\S+ (page|--release))$/,
    because: 'it writes into the checkout; tests hold that there is nothing to write',
  },
  { pattern: /^node dist\/bench\/(flame|command-api\/compare)\.js/, because: 'it is a part of a bench' },
  { pattern: /^npx flash-sale top$/, because: 'it does not end' },
  { pattern: /^npx flash-sale stock add$/, because: 'only its name is given' },
  {
    pattern: /^(\S+=\S+ )*npx jest /,
    because: 'make test runs all of them; a unit test looks that each finds tests',
  },
  {
    pattern: /^(export ADMIN_TOKEN=\$\()?kubectl /,
    because: 'no cluster; k8s/overlays.int.test.ts looks for each object in the built overlays',
  },
  { pattern: /^(ADMIN_TOKEN=… )?(docker|kind) /, because: 'it needs a container engine' },
  { pattern: /^npm install |^npx openapi-typescript /, because: 'it writes into a project of the reader' },
  { pattern: / <command> orders$/, because: 'the table after it has the commands' },
];
