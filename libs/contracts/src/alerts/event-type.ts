/** A JSON Schema (draft 2020-12) of an object. */
export interface ObjectSchema {
  type: 'object';
  required: readonly string[];
  properties: Readonly<Record<string, unknown>>;
}

/** One kind of thing that a customer's systems are told: the `type` of an alert and the shape of its `data`. */
export interface EventType {
  type: string;
  /** One sentence: when it is sent. */
  summary: string;
  schema: ObjectSchema;
  example: Record<string, unknown>;
}
