/** What a `kubectl` command of a document acts on. */
export interface KubectlCommand {
  readonly namespace: string | undefined;
  /** As `Kind/name`. */
  readonly objects: readonly string[];
  readonly label: string | undefined;
  /** The folder that `apply -k` takes. */
  readonly overlay: string | undefined;
}

const kinds: Readonly<Record<string, string>> = {
  deployment: 'Deployment',
  job: 'Job',
  svc: 'Service',
  scaledobject: 'ScaledObject',
};
const verbs = new Set([
  'get',
  'logs',
  'delete',
  'apply',
  'wait',
  'rollout',
  'exec',
  'scale',
  'port-forward',
  'describe',
  'annotate',
]);
const subcommands = new Set(['status', 'restart', 'undo']);

const optionOf = (words: readonly string[], name: string): string | undefined => {
  const at = words.indexOf(name);
  return at < 0 ? undefined : words[at + 1];
};

/** `deployment/saga deployment/projector`, or `job migrations schemas`; an annotation is no name. */
const objectsOf = (words: readonly string[]): readonly string[] => {
  const [first = '', ...names] = words;
  const kind = kinds[first];
  if (kind !== undefined) return names.filter((name) => !name.includes('/')).map((name) => `${kind}/${name}`);
  return words
    .filter((word) => word.includes('/'))
    .map((word) => word.replace(/^[^/]+/, (short) => kinds[short] ?? short));
};

/** Reads one command; undefined for what is no call of kubectl. */
export const readKubectl = (command: string): KubectlCommand | undefined => {
  const [program, ...rest] = command.split(' ');
  if (program !== 'kubectl') return undefined;
  // What follows two dashes is for the container.
  const words = rest.includes('--') ? rest.slice(0, rest.indexOf('--')) : rest;
  const values = ['-n', '-l', '-k'].flatMap((name) => optionOf(words, name) ?? []);
  const named = words.filter(
    (word) => !word.startsWith('-') && !values.includes(word) && !verbs.has(word) && !subcommands.has(word),
  );
  return {
    namespace: optionOf(words, '-n'),
    objects: objectsOf(named),
    label: optionOf(words, '-l'),
    overlay: optionOf(words, '-k'),
  };
};
