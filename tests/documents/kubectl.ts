/** What a `kubectl` command of a document acts on. */
export interface KubectlCommand {
  readonly namespace: string | undefined;
  /** As `Kind/name`. */
  readonly objects: readonly string[];
  /** What `create job … --from=…` makes, as `Kind/name`; commands after it may act on that. */
  readonly created: string | undefined;
  readonly label: string | undefined;
  /** The folder that `apply -k` takes. */
  readonly overlay: string | undefined;
}

const kinds: Readonly<Record<string, string>> = {
  deployment: 'Deployment',
  job: 'Job',
  svc: 'Service',
  scaledobject: 'ScaledObject',
  cronjob: 'CronJob',
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
  'create',
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
  // What follows two dashes is for the container, what follows a bar for another program.
  const end = rest.findIndex((word) => word === '--' || word === '|');
  const words = end < 0 ? rest : rest.slice(0, end);
  const values = ['-n', '-l', '-k'].flatMap((name) => optionOf(words, name) ?? []);
  const named = words.filter(
    (word) => !word.startsWith('-') && !values.includes(word) && !verbs.has(word) && !subcommands.has(word),
  );
  const isCreating = words.includes('create');
  const template = words.find((word) => word.startsWith('--from='))?.slice('--from='.length);
  return {
    namespace: optionOf(words, '-n'),
    objects: isCreating ? objectsOf(template === undefined ? [] : [template]) : objectsOf(named),
    created: isCreating ? objectsOf(named)[0] : undefined,
    label: optionOf(words, '-l'),
    overlay: optionOf(words, '-k'),
  };
};
