import { Ajv, type ValidateFunction } from 'ajv';
import { validationMetadatasToSchemas } from 'class-validator-jsonschema';
import { AffordaiEventDto } from './affordai-event.dto.js';
import { UsageEventDto } from './usage-event.dto.js';
import { UsageVectorDto } from './usage-vector.dto.js';

/** The fields of an object by name, with those of the objects inside. */
export interface KnownFields {
  [field: string]: KnownFields | null;
}

type SchemaObject = ReturnType<typeof validationMetadatasToSchemas>[string];

/** The DTOs as JSON Schemas, by class name; references point to `prefix`. Unknown fields are refused. */
export function jsonSchemas(prefix = '#/components/schemas/'): Record<string, SchemaObject> {
  const all = validationMetadatasToSchemas({ refPointerPrefix: prefix });
  const strict = (name: string) => ({ ...all[name], additionalProperties: false });
  return {
    [UsageEventDto.name]: strict(UsageEventDto.name),
    [UsageVectorDto.name]: strict(UsageVectorDto.name),
    // Its clients were written for another server: a field that we do not know is no reason to lose their usage.
    [AffordaiEventDto.name]: { ...all[AffordaiEventDto.name] },
  };
}

/** Compiled from the DTOs once, at start. */
export function compileCheck<T extends object>(dto: new () => T): ValidateFunction<T> {
  const definitions = jsonSchemas('#/$defs/');
  const ajv = new Ajv({ messages: false, unicodeRegExp: true, strictTypes: false });
  return ajv.compile<T>({ $ref: `#/$defs/${dto.name}`, $defs: definitions });
}

/** The fields of a DTO by name, with those of the DTOs inside. */
export function knownFields(dto: new () => object): KnownFields {
  const schemas = jsonSchemas('');
  const fieldsOf = (name: string): KnownFields =>
    Object.fromEntries(
      Object.entries(schemas[name]?.properties ?? {}).map(([field, schema]) => [
        field,
        '$ref' in schema ? fieldsOf(schema.$ref) : null,
      ]),
    );
  return fieldsOf(dto.name);
}
