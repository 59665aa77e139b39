"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.queryOf = exports.filterOf = exports.withFilter = void 0;
const filterNames = ['reason', 'group', 'state', 'item', 'key', 'topic', 'from', 'to'];
const withFilter = (command) => command
    .option('--reason <code>', 'why they were parked, such as UNDECODABLE')
    .option('--group <id>', 'those that failed for the same reason; see dlq groups')
    .option('--state <names>', 'PARKED, REDRIVEN, RESOLVED, FAILED_AGAIN, DISCARDED; several with commas')
    .option('--item <id>', 'about this item')
    .option('--key <key>', 'with this key')
    .option('--topic <name>', 'from this topic')
    .option('--from <time>', 'parked at this time or later')
    .option('--to <time>', 'parked before this time');
exports.withFilter = withFilter;
const filterOf = (options) => Object.fromEntries(filterNames.flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]]])));
exports.filterOf = filterOf;
const queryOf = (filter, more = {}) => {
    const query = new URLSearchParams({ ...filter, ...more }).toString();
    return query === '' ? '' : `?${query}`;
};
exports.queryOf = queryOf;
//# sourceMappingURL=letter-filter.js.map