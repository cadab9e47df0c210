import { Ajv, type ValidateFunction } from 'ajv';
import { validationMetadatasToSchemas } from 'class-validator-jsonschema';

/** The DTOs of a wire format: that of an item, and those inside it. */
export interface WireSchema {
  item: new () => object;
  inside: readonly (new () => object)[];
  unknownFields: 'refused' | 'ignored';
}

/** The fields of an object by name, with those of the objects inside. */
export interface KnownFields {
  [field: string]: KnownFields | null;
}

type SchemaObject = ReturnType<typeof validationMetadatasToSchemas>[string];

/** The DTOs as JSON Schemas, by class name; references point to `prefix`. */
export function jsonSchemas(
  { item, inside, unknownFields }: WireSchema,
  prefix = '#/components/schemas/',
): Record<string, SchemaObject> {
  const all = validationMetadatasToSchemas({ refPointerPrefix: prefix });
  const closed = unknownFields === 'refused' ? { additionalProperties: false } : {};
  return Object.fromEntries(
    [item, ...inside].map(({ name }) => [name, { ...all[name], ...closed }]),
  );
}

/** Compiled from the DTOs once, at start. */
export function compileCheck<T extends object>(wire: WireSchema): ValidateFunction<T> {
  const definitions = jsonSchemas(wire, '#/$defs/');
  const ajv = new Ajv({ messages: false, unicodeRegExp: true, strictTypes: false });
  return ajv.compile<T>({ $ref: `#/$defs/${wire.item.name}`, $defs: definitions });
}

/** The fields of an item by name, with those of the objects inside. */
export function knownFields(wire: WireSchema): KnownFields {
  const schemas = jsonSchemas(wire, '');
  const fieldsOf = (name: string): KnownFields =>
    Object.fromEntries(
      Object.entries(schemas[name]?.properties ?? {}).map(([field, schema]) => [
        field,
        '$ref' in schema ? fieldsOf(schema.$ref) : null,
      ]),
    );
  return fieldsOf(wire.item.name);
}
