"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.judgeRun = exports.readHistory = void 0;
const dead_letter_1 = require("../../schemas/dead-letter");
const topics_1 = require("../../schemas/topics");
const judge_money_1 = require("./judge-money");
const scenario_1 = require("./scenario");
/** What no two valid outcomes of an order may differ in. */
const saidOf = (outcome) => outcome.type === 'OrderCompleted'
    ? `COMPLETED ${outcome.payment_id}`
    : `${outcome.reason} ${outcome.detail}`;
const readHistory = (log, codec) => {
    const outcomes = new Map();
    const conflicting = [];
    for (const records of log.partitions(topics_1.topics.orderOutcomes.name)) {
        let newest = -1;
        for (const { value } of records) {
            const decoded = codec.decode(topics_1.topics.orderOutcomes.name, value);
            if (decoded.kind !== 'event')
                continue;
            const { event } = decoded;
            if (event.type === 'EpochStarted')
                newest = Math.max(newest, event.epoch);
            if (event.type !== 'OrderCompleted' && event.type !== 'OrderFailed')
                continue;
            if (event.epoch < newest)
                continue;
            const before = outcomes.get(event.request_id);
            if (!before)
                outcomes.set(event.request_id, event);
            else if (saidOf(before) !== saidOf(event))
                conflicting.push(event.request_id);
        }
    }
    return { outcomes, conflicting, firsts: readFirsts(log, codec) };
};
exports.readHistory = readHistory;
const requestOf = (codec, record) => {
    const decoded = codec.decode(topics_1.topics.orderRequests.name, record.value);
    if (decoded.kind !== 'event' || decoded.event.type !== 'OrderRequested')
        return 'poison';
    return decoded.event.request_id === record.key?.toString() ? decoded.event : 'poison';
};
const isSamePayload = (one, other) => one.user_id === other.user_id && one.item_id === other.item_id && one.amount === other.amount;
const readFirsts = (log, codec) => {
    const firsts = new Map();
    for (const record of log.partitions(topics_1.topics.orderRequests.name).flat()) {
        const key = record.key?.toString();
        if (key !== undefined && !firsts.has(key))
            firsts.set(key, requestOf(codec, record));
    }
    return firsts;
};
const hasPayloadOf = (outcome, first) => {
    if (first === 'poison')
        return outcome.type === 'OrderFailed' && outcome.reason === 'UNPROCESSABLE';
    const { user_id, item_id, amount } = first;
    return outcome.user_id === user_id && outcome.item_id === item_id && outcome.amount === amount;
};
const judgeOutcomes = ({ outcomes, firsts, conflicting }) => [
    ...conflicting.map(() => 'terminal-conflict'),
    ...[...firsts].flatMap(([key, first]) => {
        const outcome = outcomes.get(key);
        if (!outcome)
            return ['unresolved'];
        return hasPayloadOf(outcome, first) ? [] : ['wrong-payload'];
    }),
];
/** When the sale of the scarce item was what: changes decided at another version than the one they find are none. */
const saleModes = (log, codec) => {
    const modes = [];
    for (const { value, appendedAtMs } of log.partitions(topics_1.topics.stockAdjustments.name).flat()) {
        const decoded = codec.decode(topics_1.topics.stockAdjustments.name, value);
        if (decoded.kind !== 'event' || decoded.event.type !== 'SaleChanged')
            continue;
        const { mode, expected_version } = decoded.event;
        if (expected_version === modes.length)
            modes.push({ mode, fromMs: appendedAtMs });
    }
    return modes;
};
/** What was appended while the item was off sale is refused, and nothing else is refused for that. */
const judgeSale = (isOff, outcome) => {
    const reason = outcome.type === 'OrderFailed' ? outcome.reason : 'none';
    if (isOff)
        return reason === 'SALE_CLOSED' || reason === 'EXPIRED' ? [] : ['sold-off-sale'];
    return reason === 'SALE_CLOSED' ? ['refused-on-sale'] : [];
};
const judgeSales = (log, codec, { outcomes, firsts }) => {
    const modes = saleModes(log, codec);
    const seen = new Set();
    const found = [];
    for (const { key, appendedAtMs } of log.partitions(topics_1.topics.orderRequests.name).flat()) {
        const id = key?.toString() ?? '';
        const [first, outcome] = [firsts.get(id), outcomes.get(id)];
        if (seen.has(id) || !first || first === 'poison' || !outcome)
            continue;
        seen.add(id);
        const mode = modes.findLast(({ fromMs }) => fromMs <= appendedAtMs)?.mode ?? 'OPEN';
        found.push(...judgeSale(first.item_id === scenario_1.scarceItem && mode !== 'OPEN', outcome));
    }
    return found;
};
/** Units sold, by item and by buyer of an item. */
const soldUnits = ({ outcomes }) => {
    const sold = new Map();
    const add = (name, units) => void sold.set(name, (sold.get(name) ?? 0) + units);
    for (const outcome of outcomes.values()) {
        if (outcome.type !== 'OrderCompleted')
            continue;
        add(outcome.item_id, outcome.amount);
        add(`${outcome.item_id} ${outcome.user_id}`, outcome.amount);
    }
    return sold;
};
const stockedUnits = (log, codec) => {
    const commands = new Set();
    const stocked = new Map();
    for (const { value } of log.partitions(topics_1.topics.stockAdjustments.name).flat()) {
        const decoded = codec.decode(topics_1.topics.stockAdjustments.name, value);
        if (decoded.kind !== 'event' || decoded.event.type !== 'StockAdjusted')
            continue;
        const { command_id, item_id, delta } = decoded.event;
        if (commands.has(command_id))
            continue;
        commands.add(command_id);
        stocked.set(item_id, (stocked.get(item_id) ?? 0) + delta);
    }
    return stocked;
};
/** The most units that a buyer may ever have had, by item; a limit counts as set before the first order. */
const limitsOf = (log, codec) => {
    const limits = new Map();
    for (const { value } of log.partitions(topics_1.topics.stockAdjustments.name).flat()) {
        const decoded = codec.decode(topics_1.topics.stockAdjustments.name, value);
        if (decoded.kind !== 'event' || decoded.event.type !== 'BuyerLimitSet')
            continue;
        const { item_id, units_max } = decoded.event;
        limits.set(item_id, Math.max(limits.get(item_id) ?? 0, units_max ?? Infinity));
    }
    return limits;
};
const judgeLimits = (sold, limits) => [...sold].flatMap(([name, units]) => {
    const [itemId = '', userId] = name.split(' ');
    return userId !== undefined && units > (limits.get(itemId) ?? Infinity) ? ['over-limit'] : [];
});
/** The store at rest must equal the log. */
const judgeStore = (state, sold, stocked) => {
    const generation = state.generations.get(state.current?.epoch ?? -1);
    if (!generation)
        return ['stock-leak'];
    const leaks = [...stocked].flatMap(([itemId, total]) => {
        const item = generation.items.get(itemId);
        const units = sold.get(itemId) ?? 0;
        const isRight = item?.total === total && item.sold === units && item.reserved === 0 && item.available === total - units;
        return isRight ? [] : ['stock-leak'];
    });
    const units = [...generation.buyers].flatMap(([buyer, held]) => held === (sold.get(buyer) ?? 0) ? [] : ['units-leak']);
    return [...leaks, ...units];
};
const judgeDeadLetters = (log, codec, firsts) => {
    const buried = new Set(log
        .partitions(topics_1.topics.orderDlq.name)
        .flat()
        .map((record) => (0, dead_letter_1.readDeadLetter)(record).source)
        .map(({ topic, partition, offset }) => `${topic}:${partition}:${offset}`));
    return log
        .partitions(topics_1.topics.orderRequests.name)
        .flat()
        .flatMap((record) => {
        const request = requestOf(codec, record);
        const first = firsts.get(record.key?.toString() ?? '');
        const isPlain = request !== 'poison' && first !== undefined && first !== 'poison' && isSamePayload(request, first);
        const isBuried = buried.has(`${record.topic}:${record.partition}:${record.offset}`);
        if (isPlain)
            return isBuried ? ['dlq-wrong'] : [];
        return isBuried ? [] : ['dlq-missing'];
    });
};
/** Everything that is wrong with a run at rest. */
const judgeRun = (evidence) => {
    const { log, codec, journal, store } = evidence;
    const history = (0, exports.readHistory)(log, codec);
    const sold = soldUnits(history);
    const stocked = stockedUnits(log, codec);
    const oversold = [...stocked].some(([itemId, total]) => (sold.get(itemId) ?? 0) > total);
    return [
        ...judgeOutcomes(history),
        ...(0, judge_money_1.judgeMoney)(history, journal),
        ...(oversold ? ['oversell'] : []),
        ...judgeLimits(sold, limitsOf(log, codec)),
        ...judgeSales(log, codec, history),
        ...judgeStore(store, sold, stocked),
        ...judgeDeadLetters(log, codec, history.firsts),
    ];
};
exports.judgeRun = judgeRun;
//# sourceMappingURL=judge-run.js.map