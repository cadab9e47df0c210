import { describe, expect, it } from '@jest/globals';
import { USAGE_FIELDS, type UsageField } from '#contracts';
import { ancestorsOf, priceUnitOf } from './price-units.js';

describe('the unit of a price', () => {
  it.each(USAGE_FIELDS.filter((field) => field.endsWith('_tokens')))(
    'of %s is a million tokens, under its own name',
    (field) => {
      expect(priceUnitOf(field.replace('_tokens', '_mtok'))).toEqual({ field, per: 1_000_000 });
    },
  );

  it.each<[string, UsageField, number]>([
    ['requests_kcount', 'requests', 1_000],
    ['web_searches_kcount', 'web_searches', 1_000],
    ['storage_searches_kcount', 'storage_searches', 1_000],
    ['code_executions_kcount', 'code_executions', 1_000],
    ['rerank_searches_kcount', 'rerank_searches', 1_000],
    // A price for an hour, and a count of seconds.
    ['audio_hours', 'audio_seconds', 3_600],
    ['input_document_kpages', 'input_document_pages', 1_000],
    ['input_annotated_document_kpages', 'input_annotated_document_pages', 1_000],
    ['input_mchars', 'input_characters', 1_000_000],
    ['input_gpixels', 'input_pixels', 1_000_000_000],
  ])('%s prices %s, %i at a time', (key, field, per) => {
    expect(priceUnitOf(key)).toEqual({ field, per });
  });

  it.each(['moons_kcount', 'constructor', ''])('%j prices nothing that is counted', (key) => {
    expect(priceUnitOf(key)).toBeNull();
  });
});

describe('what contains a count', () => {
  it.each<[UsageField, UsageField[]]>([
    ['input_tokens', []],
    ['cache_write_5m_tokens', ['cache_write_tokens', 'input_tokens']],
    ['cache_image_read_tokens', ['cache_read_tokens', 'input_image_tokens', 'input_tokens']],
    ['output_citation_tokens', ['output_tokens']],
  ])('of %s is %j', (field, wholes) => {
    expect([...ancestorsOf(field)].sort()).toEqual(wholes);
  });
});
