/** One sample of a Prometheus page. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const line = /^([A-Za-z_:][\w:]*)(?:\{(.*)\})? ([^ ]+)$/;

/** Reads the text format as far as our processes write it. What is no sample is passed over. */
export const readSamples = (text: string): readonly Sample[] =>
  text.split('\n').flatMap((row) => {
    const found = line.exec(row);
    if (!found) return [];
    const [, name = '', labels = '', value = ''] = found;
    const pairs = [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)];
    const read = { name, labels: Object.fromEntries(pairs.map(([, key = '', text = '']) => [key, text])) };
    return [{ ...read, value: Number(value) }];
  });

type Labels = Readonly<Record<string, string>>;

const valuesOf = (samples: readonly Sample[], name: string, wanted: Labels): readonly number[] =>
  samples
    .filter((sample) => sample.name === name && !Number.isNaN(sample.value))
    .filter(({ labels }) => Object.entries(wanted).every(([label, value]) => labels[label] === value))
    .map(({ value }) => value);

/** The greatest value of a metric, of the series that have these labels; `undefined` when there is none. */
export const most = (samples: readonly Sample[], name: string, labels: Labels = {}): number | undefined => {
  const values = valuesOf(samples, name, labels);
  return values.length === 0 ? undefined : Math.max(...values);
};

export const sum = (samples: readonly Sample[], name: string, labels: Labels = {}): number | undefined => {
  const values = valuesOf(samples, name, labels);
  return values.length === 0 ? undefined : values.reduce((total, value) => total + value, 0);
};

/** Which of the states that a metric names by a label is the one with 1. */
export const stateOf = (samples: readonly Sample[], name: string, label: string): string | undefined =>
  samples.find((sample) => sample.name === name && sample.value === 1)?.labels[label];
