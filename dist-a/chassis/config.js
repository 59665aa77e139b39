"use strict";
var __importDefault = (this && this.__importDefault) || function (mod) {
    return (mod && mod.__esModule) ? mod : { "default": mod };
};
Object.defineProperty(exports, "__esModule", { value: true });
exports.describeSettings = exports.readSettings = exports.secret = exports.origin = exports.formatDurationMs = exports.duration = exports.parseDurationMs = exports.ConfigError = void 0;
const node_fs_1 = require("node:fs");
const joi_1 = __importDefault(require("joi"));
/** Every fault of an environment at once, each naming its variable. */
class ConfigError extends Error {
    name = 'ConfigError';
    problems;
    constructor(problems) {
        super(`The environment is not usable:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
        this.problems = problems;
    }
}
exports.ConfigError = ConfigError;
const unitMs = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
/** `500ms`, `30s`, `1m`, `24h`, or a bare number of milliseconds; `undefined` for anything else. */
const parseDurationMs = (text) => {
    const match = /^(\d{1,12})(ms|s|m|h)?$/.exec(text.trim());
    if (!match)
        return undefined;
    return Number(match[1]) * (unitMs[match[2] ?? 'ms'] ?? 1);
};
exports.parseDurationMs = parseDurationMs;
/** A duration setting; the value read is in milliseconds. */
const duration = ({ maxMs = Infinity } = {}) => joi_1.default.any()
    .custom((value, helpers) => {
    const isNumber = typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
    const parsed = typeof value === 'string' ? (0, exports.parseDurationMs)(value) : undefined;
    const milliseconds = isNumber ? value : parsed;
    if (milliseconds === undefined)
        return helpers.error('duration.text');
    return milliseconds <= maxMs
        ? milliseconds
        : helpers.error('duration.max', { max: (0, exports.formatDurationMs)(maxMs) });
})
    .messages({
    'duration.text': '{{#label}} must be a duration such as 500ms, 30s, 1m or 24h',
    'duration.max': '{{#label}} must be no longer than {{#max}}',
})
    .meta({ duration: true });
exports.duration = duration;
/** The shortest text that `parseDurationMs` reads as this many milliseconds: `30s` for 30,000. */
const formatDurationMs = (milliseconds) => {
    const [unit, sizeMs] = Object.entries(unitMs).findLast(([, ms]) => milliseconds % ms === 0) ?? ['ms', 1];
    return milliseconds === 0 ? '0' : `${milliseconds / sizeMs}${unit}`;
};
exports.formatDurationMs = formatDurationMs;
/** A setting for the origin of a page: scheme, host and port, as a browser writes it in `Origin`. */
const origin = () => joi_1.default.string()
    .custom((value, helpers) => {
    const isOrigin = URL.canParse(value) && /^https?:/.test(value) && new URL(value).origin === value;
    return isOrigin ? value : helpers.error('origin.text');
})
    .messages({
    'origin.text': '{{#label}} must be an origin such as https://console.example, without a path',
});
exports.origin = origin;
/** A setting for secrets: never printed, and also read from the file that `<NAME>_FILE` names. */
const secret = () => joi_1.default.string().min(1).meta({ secret: true });
exports.secret = secret;
const readSecretFiles = (settings, environment, problems) => {
    const found = { ...environment };
    for (const name of Object.keys(settings)) {
        const path = environment[`${name}_FILE`];
        if (path === undefined || found[name] !== undefined)
            continue;
        try {
            found[name] = (0, node_fs_1.readFileSync)(path, 'utf8').trim();
        }
        catch (cause) {
            problems.push(`${name}_FILE cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`);
        }
    }
    return found;
};
/**
 * Reads the described settings from an environment: defaults filled in, numbers and durations converted, frozen.
 * An empty variable counts as unset, because compose files and shells pass unset ones that way.
 * `faultsOf` finds what is wrong between settings that are right by themselves.
 * @throws ConfigError with all problems at once; nothing has connected by then.
 */
const readSettings = (settings, environment, faultsOf = () => []) => {
    const problems = [];
    const known = readSecretFiles(settings, environment, problems);
    const given = Object.fromEntries(Object.keys(settings).flatMap((name) => {
        const value = known[name];
        return value === undefined || value === '' ? [] : [[name, value]];
    }));
    const result = joi_1.default.object(settings).validate(given, {
        abortEarly: false,
        errors: { wrap: { label: false } },
    });
    if (result.error)
        problems.push(...result.error.details.map((detail) => detail.message));
    else
        problems.push(...faultsOf(result.value));
    if (problems.length > 0)
        throw new ConfigError(problems);
    return Object.freeze(result.value);
};
exports.readSettings = readSettings;
const defaultText = ({ flags, metas }) => {
    if (flags?.presence === 'required')
        return 'required';
    const isDuration = metas?.some((meta) => meta.duration === true) ?? false;
    if (isDuration && typeof flags?.default === 'number')
        return (0, exports.formatDurationMs)(flags.default);
    return flags?.default === undefined ? 'unset' : JSON.stringify(flags.default).replaceAll('"', '');
};
/** The settings as rows for a document, so that a configuration table is generated and never drifts. */
const describeSettings = (settings) => Object.entries(settings).map(([name, schema]) => {
    const described = schema.describe();
    return {
        name,
        default: defaultText(described),
        description: described.flags?.description ?? '',
        secret: described.metas?.some((meta) => meta.secret === true) ?? false,
    };
});
exports.describeSettings = describeSettings;
//# sourceMappingURL=config.js.map