"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.stateOf = exports.sum = exports.most = exports.readSamples = void 0;
const line = /^([A-Za-z_:][\w:]*)(?:\{(.*)\})? ([^ ]+)$/;
/** Reads the text format as far as our processes write it. What is no sample is passed over. */
const readSamples = (text) => text.split('\n').flatMap((row) => {
    const found = line.exec(row);
    if (!found)
        return [];
    const [, name = '', labels = '', value = ''] = found;
    const pairs = [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)];
    const read = { name, labels: Object.fromEntries(pairs.map(([, key = '', text = '']) => [key, text])) };
    return [{ ...read, value: Number(value) }];
});
exports.readSamples = readSamples;
const valuesOf = (samples, name, wanted) => samples
    .filter((sample) => sample.name === name && !Number.isNaN(sample.value))
    .filter(({ labels }) => Object.entries(wanted).every(([label, value]) => labels[label] === value))
    .map(({ value }) => value);
/** The greatest value of a metric, of the series that have these labels; `undefined` when there is none. */
const most = (samples, name, labels = {}) => {
    const values = valuesOf(samples, name, labels);
    return values.length === 0 ? undefined : Math.max(...values);
};
exports.most = most;
const sum = (samples, name, labels = {}) => {
    const values = valuesOf(samples, name, labels);
    return values.length === 0 ? undefined : values.reduce((total, value) => total + value, 0);
};
exports.sum = sum;
/** Which of the states that a metric names by a label is the one with 1. */
const stateOf = (samples, name, label) => samples.find((sample) => sample.name === name && sample.value === 1)?.labels[label];
exports.stateOf = stateOf;
//# sourceMappingURL=metric-samples.js.map