const sample = /^([a-zA-Z_:][a-zA-Z0-9_:]*?)(?:_bucket|_count|_sum)?(?:\{[^}]*\})? ([^ ]+)/;

/** What each metric was seen to be, over all scrapes; one that moved has been more than one thing. */
export class MetricMoves {
  private readonly seen = new Map<string, Set<string>>();
  private readonly scraped = new Set<string>();

  /** Takes the text of a /metrics page of one process. */
  note(process: string, page: string): void {
    const values = new Map<string, string[]>();
    for (const line of page.split('\n')) {
      const match = sample.exec(line);
      if (!match) continue;
      const [, name = '', value = ''] = match;
      values.set(name, [...(values.get(name) ?? []), value]);
    }
    for (const [name, all] of values) {
      // A labelled counter has no line before it first counts.
      const seen =
        this.seen.get(`${process} ${name}`) ?? new Set(this.scraped.has(process) ? ['nothing'] : []);
      this.seen.set(`${process} ${name}`, seen.add(all.join(' ')));
    }
    this.scraped.add(process);
  }

  /** Whether `name`, or with a final `*` each metric that begins so, has moved in some process. */
  hasMoved(name: string): boolean {
    const wanted = name.endsWith('*')
      ? (found: string) => found.startsWith(name.slice(0, -1))
      : (found: string) => found === name;
    return [...this.seen].some(([key, values]) => wanted(key.split(' ')[1] ?? '') && values.size > 1);
  }
}
