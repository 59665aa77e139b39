import { readFileSync } from 'node:fs';
import Joi from 'joi';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Every fault of an environment at once, each naming its variable. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(`The environment is not usable:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.problems = problems;
  }
}

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** `500ms`, `30s`, `1m`, `24h`, or a bare number of milliseconds; `undefined` for anything else. */
export const parseDurationMs = (text: string): number | undefined => {
  const match = /^(\d{1,12})(ms|s|m|h)?$/.exec(text.trim());
  if (!match) return undefined;
  return Number(match[1]) * (unitMs[match[2] ?? 'ms'] ?? 1);
};

/** A duration setting; the value read is in milliseconds. */
export const duration = ({
  minMs = 0,
  maxMs = Infinity,
}: { readonly minMs?: number; readonly maxMs?: number } = {}): Joi.Schema =>
  Joi.any()
    .custom((value: unknown, helpers: Joi.CustomHelpers) => {
      const isNumber = typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
      const parsed = typeof value === 'string' ? parseDurationMs(value) : undefined;
      const milliseconds = isNumber ? value : parsed;
      if (milliseconds === undefined) return helpers.error('duration.text');
      if (milliseconds < minMs) return helpers.error('duration.min', { min: formatDurationMs(minMs) });
      return milliseconds <= maxMs
        ? milliseconds
        : helpers.error('duration.max', { max: formatDurationMs(maxMs) });
    })
    .messages({
      'duration.text': '{{#label}} must be a duration such as 500ms, 30s, 1m or 24h',
      'duration.min': '{{#label}} must be no shorter than {{#min}}',
      'duration.max': '{{#label}} must be no longer than {{#max}}',
    })
    .meta({ duration: true });

/** The shortest text that `parseDurationMs` reads as this many milliseconds: `30s` for 30,000. */
export const formatDurationMs = (milliseconds: number): string => {
  const [unit, sizeMs] = Object.entries(unitMs).findLast(([, ms]) => milliseconds % ms === 0) ?? ['ms', 1];
  return milliseconds === 0 ? '0' : `${milliseconds / sizeMs}${unit}`;
};

/** A setting for the origin of a page: scheme, host and port, as a browser writes it in `Origin`. */
export const origin = (): Joi.Schema =>
  Joi.string()
    .custom((value: string, helpers: Joi.CustomHelpers) => {
      const isOrigin = URL.canParse(value) && /^https?:/.test(value) && new URL(value).origin === value;
      return isOrigin ? value : helpers.error('origin.text');
    })
    .messages({
      'origin.text': '{{#label}} must be an origin such as https://console.example, without a path',
    });

/** A setting for secrets: never printed, and also read from the file that `<NAME>_FILE` names. */
export const secret = (): Joi.StringSchema => Joi.string().min(1).meta({ secret: true });

export type Settings = Readonly<Record<string, Joi.Schema>>;

const readSecretFiles = (settings: Settings, environment: Environment, problems: string[]): Environment => {
  const found: Record<string, string | undefined> = { ...environment };
  for (const name of Object.keys(settings)) {
    const path = environment[`${name}_FILE`];
    if (path === undefined || found[name] !== undefined) continue;
    try {
      found[name] = readFileSync(path, 'utf8').trim();
    } catch (cause) {
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
export const readSettings = <T>(
  settings: Settings,
  environment: Environment,
  faultsOf: (read: T) => readonly string[] = () => [],
): Readonly<T> => {
  const problems: string[] = [];
  const known = readSecretFiles(settings, environment, problems);
  const given = Object.fromEntries(
    Object.keys(settings).flatMap((name) => {
      const value = known[name];
      return value === undefined || value === '' ? [] : [[name, value]];
    }),
  );
  const result = Joi.object(settings).validate(given, {
    abortEarly: false,
    errors: { wrap: { label: false } },
  });
  if (result.error) problems.push(...result.error.details.map((detail) => detail.message));
  else problems.push(...faultsOf(result.value as T));
  if (problems.length > 0) throw new ConfigError(problems);
  return Object.freeze(result.value as T);
};

export interface SettingDescription {
  readonly name: string;
  readonly default: string;
  readonly description: string;
  readonly secret: boolean;
}

interface JoiDescription {
  readonly flags?: { readonly default?: unknown; readonly description?: string; readonly presence?: string };
  readonly metas?: readonly { readonly secret?: boolean; readonly duration?: boolean }[];
}

const defaultText = ({ flags, metas }: JoiDescription): string => {
  if (flags?.presence === 'required') return 'required';
  const isDuration = metas?.some((meta) => meta.duration === true) ?? false;
  if (isDuration && typeof flags?.default === 'number') return formatDurationMs(flags.default);
  return flags?.default === undefined ? 'unset' : JSON.stringify(flags.default).replaceAll('"', '');
};

/** The settings as rows for a document, so that a configuration table is generated and never drifts. */
export const describeSettings = (settings: Settings): readonly SettingDescription[] =>
  Object.entries(settings).map(([name, schema]) => {
    const described = schema.describe() as JoiDescription;
    return {
      name,
      default: defaultText(described),
      description: described.flags?.description ?? '',
      secret: described.metas?.some((meta) => meta.secret === true) ?? false,
    };
  });
