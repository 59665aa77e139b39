/** Commands of the documents that no test types, each with the reason; everything else is run. */
export const notRun: readonly { readonly pattern: RegExp; readonly because: string }[] = [
  {
    pattern: /^make (test(-(?!order|idempotency)[\w-]+)?|simulate)( .*)?$/,
    because: 'it runs tests, this one or long ones',
  },
  { pattern: /^make (install|build|lint)$/, because: 'make test has run it before' },
  {
    pattern: /^(\S+=\S+ )*make (demo|up|down|restart|clean)( .*)?$/,
    because: 'it starts or stops the stack of the checkout',
  },
  { pattern: /^make (logs|bench\S*|chaos\S*|audit)( .*)?$/, because: 'it does not end, or takes minutes' },
  { pattern: /^npx flash-sale top$/, because: 'it does not end' },
  { pattern: /…|^npx flash-sale stock add$/, because: 'the reader gives what it acts on' },
  { pattern: /^npx jest /, because: 'make test runs all of them' },
  { pattern: /^kubectl /, because: 'no cluster; make k8s-validate checks what it would apply' },
];
