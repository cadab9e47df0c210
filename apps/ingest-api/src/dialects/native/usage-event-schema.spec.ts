import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { jsonSchemas } from '../../dto/json-schemas.js';
import { NATIVE_WIRE } from './read-event.js';

/** Of the schemas while every field had a line of decorators: what the OpenAPI page shows, and the order of the checks. */
const WRITTEN_OUT = 'b4e05dea2c0f571fc029d4a62955671b6914be27fbff800b9b2f3403d9ea0c95';

describe('the schema of a usage event', () => {
  it('is, byte for byte, the one that was written out field by field', () => {
    const { UsageEventDto, UsageVectorDto } = jsonSchemas(NATIVE_WIRE);
    const text = JSON.stringify({ UsageEventDto, UsageVectorDto });
    expect(createHash('sha256').update(text).digest('hex')).toBe(WRITTEN_OUT);
  });
});
