import { describe, expect, it } from '@jest/globals';
import { type UsageField } from '#contracts';
import { findInconsistencies, rootOf } from './check-consistency.js';

/** What a sender cannot have more of together than of the whole, and the total that is not known then. */
const PARTS: [whole: UsageField, total: UsageField, parts: UsageField[]][] = [
  ['input_tokens', 'input_tokens', ['cache_read_tokens', 'cache_write_tokens']],
  [
    'input_tokens',
    'input_tokens',
    ['input_text_tokens', 'input_audio_tokens', 'input_image_tokens', 'input_video_tokens'],
  ],
  ['input_tokens', 'input_tokens', ['input_tool_tokens']],
  ['cache_write_tokens', 'input_tokens', ['cache_write_5m_tokens', 'cache_write_1h_tokens']],
  [
    'cache_read_tokens',
    'input_tokens',
    [
      'cache_text_read_tokens',
      'cache_audio_read_tokens',
      'cache_image_read_tokens',
      'cache_video_read_tokens',
    ],
  ],
  ['input_text_tokens', 'input_tokens', ['cache_text_read_tokens']],
  ['input_audio_tokens', 'input_tokens', ['cache_audio_read_tokens']],
  ['input_image_tokens', 'input_tokens', ['cache_image_read_tokens']],
  ['input_video_tokens', 'input_tokens', ['cache_video_read_tokens']],
  ['output_tokens', 'output_tokens', ['output_reasoning_tokens', 'output_citation_tokens']],
  [
    'output_tokens',
    'output_tokens',
    ['output_text_tokens', 'output_audio_tokens', 'output_image_tokens', 'output_video_tokens'],
  ],
  ['input_document_pages', 'input_document_pages', ['input_annotated_document_pages']],
];

describe.each(PARTS)('of %s (%s), the parts %j', (whole, total, parts) => {
  const each = Object.fromEntries(parts.map((part) => [part, 10]));
  const sum = 10 * parts.length;
  const ofThese = (usage: object) =>
    findInconsistencies(usage).filter(({ detail }) =>
      detail.startsWith(`${parts.join(' + ')} is ${sum} but ${whole} `),
    );

  it('fit into as much, and contradict one less', () => {
    expect(ofThese({ ...each, [whole]: sum })).toEqual([]);
    expect(ofThese({ ...each, [whole]: sum - 1 })).toEqual([
      { root: total, detail: `${parts.join(' + ')} is ${sum} but ${whole} is ${sum - 1}` },
    ]);
  });

  it('contradict a whole that was not reported, and are nothing where they are zero', () => {
    expect(ofThese(each)).toEqual([
      { root: total, detail: `${parts.join(' + ')} is ${sum} but ${whole} is missing` },
    ]);
    const none = Object.fromEntries(parts.map((part) => [part, 0]));
    expect(findInconsistencies(none)).toEqual([]);
  });
});

describe('a contradiction', () => {
  it('names the parts that there are some of', () => {
    const usage = { input_tokens: 100, cache_read_tokens: 101, cache_write_tokens: 0 };
    expect(findInconsistencies(usage)).toEqual([
      { root: 'input_tokens', detail: 'cache_read_tokens is 101 but input_tokens is 100' },
    ]);
  });

  it('is a total below zero alone, where there are none of its parts', () => {
    expect(findInconsistencies({ input_tokens: -1 })).toEqual([
      { root: 'input_tokens', detail: 'input_tokens is not a whole, non-negative number' },
    ]);
  });

  it.each([-1, 0.5, Number.NaN, Infinity, 2 ** 53])('is a count of %s', (count) => {
    expect(findInconsistencies({ web_searches: count })).toEqual([
      { root: 'web_searches', detail: 'web_searches is not a whole, non-negative number' },
    ]);
  });

  it.each([0, 1, 2 ** 53 - 1, undefined])('is no count of %s', (count) => {
    expect(findInconsistencies({ web_searches: count })).toEqual([]);
  });
});

describe('the total of a count', () => {
  it.each<[UsageField, UsageField]>([
    ['input_tokens', 'input_tokens'],
    ['cache_write_1h_tokens', 'input_tokens'],
    ['cache_audio_read_tokens', 'input_tokens'],
    ['output_audio_tokens', 'output_tokens'],
    ['input_annotated_document_pages', 'input_document_pages'],
    ['requests', 'requests'],
  ])('of %s is %s', (field, total) => expect(rootOf(field)).toBe(total));
});
