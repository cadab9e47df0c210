import { describe, expect, it } from '@jest/globals';
import { USAGE_FIELDS, USAGE_PARENTS, type UsageField } from './usage-vector.js';

/** What its name says about where a count lies. */
function wholesByName(field: UsageField): string[] {
  const [first, second, third] = field.split('_');
  if (field === 'input_annotated_document_pages') return ['input_document_pages'];
  if (third === 'read') return ['cache_read_tokens', `input_${second}_tokens`];
  if (first === 'cache') return [third === 'tokens' ? 'input_tokens' : `cache_${second}_tokens`];
  return third === 'tokens' ? [`${first}_tokens`] : [];
}

describe('the counts of a usage vector', () => {
  it.each(USAGE_FIELDS)('%s lies in what its name says', (field) => {
    expect(USAGE_PARENTS[field]).toEqual(wholesByName(field));
  });

  it('are 32, of which 12 are totals', () => {
    const totals = USAGE_FIELDS.filter((field) => USAGE_PARENTS[field].length === 0);
    expect([USAGE_FIELDS.length, totals.length]).toEqual([32, 12]);
  });
});
