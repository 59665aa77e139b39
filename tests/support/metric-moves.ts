const sample = /^([a-zA-Z_:][a-zA-Z0-9_:]*?)(?:_bucket|_count|_sum)?(\{.*\})? ([^ ]+)/;
const label = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g;
const condition = /([a-zA-Z_]\w*)(?:(!?=)"([^"]*)")?/g;

/** Of one process: its metric, by the labels of its lines, with every value that each line had. */
interface Seen {
  readonly name: string;
  readonly lines: Map<string, Set<string>>;
}

const labelsOf = (text: string): ReadonlyMap<string, string> =>
  new Map(Array.from(text.matchAll(label), ([, name = '', value = '']) => [name, value]));

/** Whether labels are those of `status="COMPLETED"` or `status!="COMPLETED"`; a bare name asks for the label alone. */
const matches = (selector: string, labels: ReadonlyMap<string, string>): boolean =>
  Array.from(selector.matchAll(condition)).every(([, name = '', operator, value]) => {
    if (operator === undefined) return labels.has(name);
    return (labels.get(name) === value) === (operator === '=');
  });

/** What each metric was seen to be, over all scrapes; one that moved has been more than one thing. */
export class MetricMoves {
  private readonly seen = new Map<string, Seen>();
  private readonly scraped = new Set<string>();

  /** Takes the text of a /metrics page of one process. */
  note(process: string, page: string): void {
    for (const line of page.split('\n')) {
      const match = sample.exec(line);
      if (!match) continue;
      const [written = '', name = '', , value = ''] = match;
      const key = `${process} ${name}`;
      const seen = this.seen.get(key) ?? { name, lines: new Map<string, Set<string>>() };
      this.seen.set(key, seen);
      // A labelled counter has no line before it first counts.
      const place = written.slice(0, -value.length);
      const values = seen.lines.get(place) ?? new Set(this.scraped.has(process) ? ['nothing'] : []);
      seen.lines.set(place, values.add(value));
    }
    this.scraped.add(process);
  }

  /**
   * Whether a metric has moved in some process: `name`, `name{label="value"}`, `name{label!="value"}` or `name{label}`;
   * with a final `*` whether each metric has that begins so.
   */
  hasMoved(wanted: string): boolean {
    const [, name = '', selector = ''] = /^([^{]*)(?:\{(.*)\})?$/.exec(wanted) ?? [];
    const names = name.endsWith('*') ? this.namesFrom(name.slice(0, -1)) : [name];
    return names.length > 0 && names.every((one) => this.lineHasMoved(one, selector));
  }

  private namesFrom(start: string): readonly string[] {
    const names = [...this.seen.values()].map(({ name }) => name);
    return [...new Set(names.filter((name) => name.startsWith(start)))];
  }

  private lineHasMoved(name: string, selector: string): boolean {
    return [...this.seen.values()]
      .filter((seen) => seen.name === name)
      .flatMap(({ lines }) => [...lines])
      .some(([place, values]) => values.size > 1 && matches(selector, labelsOf(place)));
  }
}
