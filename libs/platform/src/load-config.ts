import 'reflect-metadata';
import { getMetadataStorage, validateSync } from 'class-validator';
import { environmentName, readEnvironment } from './environment.js';

type ConfigClass<T extends object> = new () => T;

/** Every wrong variable of a configuration, each with what it must be. Values are left out: they may be secrets. */
export class ConfigError extends Error {
  constructor(readonly problems: string[]) {
    super(`the configuration is wrong:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
  }
}

/** The properties that a config class declares, in the order of their names. */
export function configProperties(config: ConfigClass<object>): string[] {
  const metadata = getMetadataStorage().getTargetValidationMetadatas(config, '', true, false);
  return [...new Set(metadata.map(({ propertyName }) => propertyName))].sort();
}

/** The environment variables that a config class reads. */
export function environmentNames(config: ConfigClass<object>): string[] {
  return configProperties(config).map(environmentName);
}

/**
 * Reads and validates the environment into `config`.
 * @throws ConfigError naming every wrong variable at once.
 */
export function loadConfig<T extends object>(config: ConfigClass<T>): T {
  const loaded = new config();
  const values = loaded as Record<string, unknown>;
  for (const property of configProperties(config)) {
    const text = readEnvironment(property);
    if (text !== undefined)
      values[property] = fromText(text, typeOf(config, property, values[property]));
  }
  const problems = validateSync(loaded).flatMap(({ property, constraints = {} }) =>
    Object.values(constraints).map(
      (message) => `${environmentName(property)}: ${message.replace(property, 'the value')}`,
    ),
  );
  if (problems.length > 0) throw new ConfigError(problems);
  return loaded;
}

/** The declared type, or the default's where the declaration leaves it to be inferred. */
function typeOf(config: ConfigClass<object>, property: string, defaultValue: unknown): unknown {
  if (typeof defaultValue === 'number') return Number;
  if (typeof defaultValue === 'boolean') return Boolean;
  return Reflect.getMetadata('design:type', config.prototype, property);
}

/** Text that cannot become the declared type stays text, so that validation names it. */
function fromText(text: string, type: unknown): unknown {
  if (type === Number) return text.trim() === '' ? text : Number(text);
  if (type === Boolean && (text === 'true' || text === 'false')) return text === 'true';
  if (type === Array) return text.split(',').map((part) => part.trim());
  return text;
}
