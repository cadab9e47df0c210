import type { BudgetMeasure, WatchDimension } from '#contracts';

/** Parameters of a statement; an expression that carries a caller's text puts it here and refers to it. */
export type StatementParameters = Record<string, unknown>;

const COLUMNS: Partial<Record<WatchDimension, string>> = {
  customer: 'customer',
  user: 'user',
  key: 'api_key',
  application: 'application',
  provider: 'provider',
  model: 'model',
  type: 'type',
};
const TAGS = 'arrayDistinct(arrayMap(tag -> toString(tag), tags))';

/** SQL over `usage_raw`: the value of an event in a dimension, a row for each tag. Events that lack it have to be left out: `hasValue`. */
export function valueOf(
  dimension: WatchDimension,
  parameter: string,
  parameters: StatementParameters,
): string {
  if (dimension === 'tag') return `arrayJoin(${TAGS})`;
  if (!dimension.startsWith('property.'))
    return `toString(assumeNotNull(\`${columnOf(dimension)}\`))`;
  parameters[parameter] = dimension.slice('property.'.length);
  const value = `properties[{${parameter}:String}]`;
  // Properties are kept as JSON: a text stands in quotes, a number or boolean does not.
  return `if(startsWith(${value}, '"'), JSONExtractString(${value}), toString(${value}))`;
}

/** SQL: whether an event has a value in a dimension. Call it after `valueOf`, which sets the parameter. */
export function hasValue(dimension: WatchDimension, parameter: string): string {
  if (dimension === 'tag') return 'notEmpty(tags)';
  if (dimension.startsWith('property.')) return `mapContains(properties, {${parameter}:String})`;
  return `isNotNull(\`${columnOf(dimension)}\`)`;
}

/**
 * SQL: the value of an event among those asked for, a row for each tag that is among them. It is another expression than
 * `valueOf` for tags, because ClickHouse expands equal ones together: an event of tags a and b that is scoped to a counts per b as well.
 */
export function valueAmong(
  dimension: WatchDimension,
  names: { parameter: string; values: string },
  parameters: StatementParameters,
): string {
  return dimension === 'tag'
    ? `arrayJoin(arrayFilter(tag -> tag IN {${names.values}:Array(String)}, ${TAGS}))`
    : valueOf(dimension, names.parameter, parameters);
}

/** SQL: whether an event has one of the values asked for. */
export function isAmong(
  dimension: WatchDimension,
  names: { parameter: string; values: string },
  parameters: StatementParameters,
): string {
  const values = `{${names.values}:Array(String)}`;
  if (dimension === 'tag') return `hasAny(tags, ${values})`;
  // Written as in the sort key, so that the granules of other customers are not read.
  if (dimension === 'customer') return `isNotNull(customer) AND ifNull(customer, '') IN ${values}`;
  const value = valueOf(dimension, names.parameter, parameters);
  return `${hasValue(dimension, names.parameter)} AND ${value} IN ${values}`;
}

/** SQL: what an event adds to a counter of this measure. */
export function amountOf(on: BudgetMeasure, parameters: StatementParameters): string {
  if (on === 'cost') return 'cost';
  if (on === 'events') return 'toInt128(1)';
  if (on === 'requests') return 'toInt128(requests)';
  if (on === 'tokens') return 'toInt128(input_tokens) + toInt128(output_tokens)';
  parameters['field'] = on;
  return 'toInt128(usage[{field:String}])';
}

function columnOf(dimension: WatchDimension): string {
  const column = COLUMNS[dimension];
  if (column === undefined) throw new Error(`no column holds ${dimension}`);
  return column;
}
