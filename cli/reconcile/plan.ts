import type { Report } from './report';

/** One lawful repair: a derived store is built anew, or a charge that pays for nothing is given back. */
export type Step =
  | { readonly kind: 'rebuild-stock' }
  | { readonly kind: 'rebuild-view'; readonly view: string }
  | { readonly kind: 'cancel-charge'; readonly paymentKey: string };

const viewPrefix = 'rebuild-view:';

/** What a repair would do, each step once, money first: a rebuild does not need it, but it is what people wait for. */
export const planOf = (report: Report): readonly Step[] => {
  const repairs = new Set(report.differences.flatMap(({ repair }) => (repair === null ? [] : [repair])));
  const charges = report.differences
    .filter(({ repair }) => repair === 'cancel-charge')
    .map(({ key }): Step => ({ kind: 'cancel-charge', paymentKey: key }));
  const views = [...repairs]
    .filter((repair) => repair.startsWith(viewPrefix))
    .map((repair): Step => ({ kind: 'rebuild-view', view: repair.slice(viewPrefix.length) }));
  const stock: readonly Step[] = repairs.has('rebuild-stock') ? [{ kind: 'rebuild-stock' }] : [];
  return [...charges, ...stock, ...views];
};

export const describeStep = (step: Step): string => {
  switch (step.kind) {
    case 'rebuild-stock':
      return 'begin a new generation of the stock in Redis, folded from the log (selling waits until it is open)';
    case 'rebuild-view':
      return `build view ${step.view} from the log beside the live one and switch to it`;
    case 'cancel-charge':
      return `give back the charge ${step.paymentKey}, for good`;
  }
};

/** Classes that only a person can decide. */
export const leftToPeople = (report: Report): readonly string[] =>
  report.classes
    .filter(({ repair }) => repair === null)
    .map(({ class: name, count: times }) => `${name} (${times}): left to a person; see docs/OPERATIONS.md`);
