"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.leftToPeople = exports.describeStep = exports.planOf = void 0;
const viewPrefix = 'rebuild-view:';
/** What a repair would do, each step once, money first: a rebuild does not need it, but it is what people wait for. */
const planOf = (report) => {
    const repairs = new Set(report.differences.flatMap(({ repair }) => (repair === null ? [] : [repair])));
    const charges = report.differences
        .filter(({ repair }) => repair === 'cancel-charge')
        .map(({ key }) => ({ kind: 'cancel-charge', paymentKey: key }));
    const views = [...repairs]
        .filter((repair) => repair.startsWith(viewPrefix))
        .map((repair) => ({ kind: 'rebuild-view', view: repair.slice(viewPrefix.length) }));
    const stock = repairs.has('rebuild-stock') ? [{ kind: 'rebuild-stock' }] : [];
    return [...charges, ...stock, ...views];
};
exports.planOf = planOf;
const describeStep = (step) => {
    switch (step.kind) {
        case 'rebuild-stock':
            return 'begin a new generation of the stock in Redis, folded from the log (selling waits until it is open)';
        case 'rebuild-view':
            return `build view ${step.view} from the log beside the live one and switch to it`;
        case 'cancel-charge':
            return `give back the charge ${step.paymentKey}, for good`;
    }
};
exports.describeStep = describeStep;
/** Classes that only a person can decide. */
const leftToPeople = (report) => report.classes
    .filter(({ repair }) => repair === null)
    .map(({ class: name, count: times }) => `${name} (${times}): left to a person; see docs/OPERATIONS.md`);
exports.leftToPeople = leftToPeople;
//# sourceMappingURL=plan.js.map