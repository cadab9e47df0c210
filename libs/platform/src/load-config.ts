import 'reflect-metadata';
import { getMetadataStorage, type ValidationError, validateSync } from 'class-validator';

/** `batchSizeMax` is read from `BATCH_SIZE_MAX`. */
function environmentName(property: string): string {
  return property.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
}

/** The only place that reads the process environment. Empty values count as absent. */
function readEnvironment(name: string): string | undefined {
  const value = process.env[name];
  return value === '' ? undefined : value;
}

type ConfigClass<T extends object> = new () => T;

/** Every wrong variable of a configuration, each with what it must be. Values are left out: they may be secrets. */
export class ConfigError extends Error {
  constructor(readonly problems: string[]) {
    super(`the configuration is wrong:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
  }
}

type SettingValue = string | number | boolean | string[];

/** One variable of the environment, and the property that holds it. */
interface Setting {
  name: string;
  holder: Record<string, unknown>;
  property: string;
}

/**
 * The settings that `config` declares, in the order of their names. What several classes read alike is a class of its own, kept
 * by each in a property with `@ValidateNested()`: `clickhouse.url` is read from `CLICKHOUSE_URL`.
 */
function settingsOf(config: object, within = ''): Setting[] {
  const holder = config as Record<string, unknown>;
  const metadata = getMetadataStorage().getTargetValidationMetadatas(
    holder.constructor,
    '',
    true,
    false,
  );
  const nested = new Set(
    metadata.filter(({ type }) => type === 'nestedValidation').map((one) => one.propertyName),
  );
  const properties = [...new Set(metadata.map(({ propertyName }) => propertyName))].sort();
  return properties.flatMap((property) =>
    nested.has(property)
      ? settingsOf(holder[property] as object, `${within}${property}_`)
      : [{ name: environmentName(within + property), holder, property }],
  );
}

/** The environment variables that a config class reads, each with its default; undefined where it has none. */
export function environmentDefaults(
  config: ConfigClass<object>,
): Record<string, SettingValue | undefined> {
  const settings = settingsOf(new config());
  return Object.fromEntries(
    settings.map(({ name, holder, property }) => [
      name,
      holder[property] as SettingValue | undefined,
    ]),
  );
}

export function environmentNames(config: ConfigClass<object>): string[] {
  return Object.keys(environmentDefaults(config));
}

/**
 * Reads and validates the environment into `config`.
 * @throws ConfigError naming every wrong variable at once.
 */
export function loadConfig<T extends object>(config: ConfigClass<T>): T {
  const loaded = new config();
  for (const { name, holder, property } of settingsOf(loaded)) {
    const text = readEnvironment(name);
    if (text !== undefined) holder[property] = fromText(text, typeOf(holder, property));
  }
  const problems = describeProblems(validateSync(loaded));
  if (problems.length > 0) throw new ConfigError(problems);
  return loaded;
}

function describeProblems(errors: readonly ValidationError[], within = ''): string[] {
  return errors.flatMap(({ property, constraints = {}, children = [] }) => [
    ...Object.values(constraints).map(
      (message) =>
        `${environmentName(within + property)}: ${message.replace(property, 'the value')}`,
    ),
    ...describeProblems(children, `${within}${property}_`),
  ]);
}

/** The declared type, or the default's where the declaration leaves it to be inferred. */
function typeOf(holder: Record<string, unknown>, property: string): unknown {
  const defaultValue = holder[property];
  if (typeof defaultValue === 'number') return Number;
  if (typeof defaultValue === 'boolean') return Boolean;
  return Reflect.getMetadata('design:type', holder, property);
}

/** Text that cannot become the declared type stays text, so that validation names it. */
function fromText(text: string, type: unknown): unknown {
  if (type === Number) return text.trim() === '' ? text : Number(text);
  if (type === Boolean && (text === 'true' || text === 'false')) return text === 'true';
  if (type === Array) return text.split(',').map((part) => part.trim());
  return text;
}
