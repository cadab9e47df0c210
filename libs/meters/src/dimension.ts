import { type PricedUsage, TAGS_MAX, type WATCH_DIMENSIONS, type WatchDimension } from '#contracts';
import type { StatementParameters } from './event-value.js';

/** Names of parameters: of the name of a property, and of the list of values asked for. */
export interface DimensionParameters {
  parameter: string;
  values: string;
}

/** What events can be narrowed to and counted per: in TypeScript and, beside it, in SQL over a row of `usage_raw`. */
export interface Dimension {
  /** The values of an event: several only of tags. */
  valuesOf(event: PricedUsage): string[];
  /** How many values an event may have, whatever it holds. */
  valuesMax: number;
  /** The value, a row for each tag. Events that lack it have to be left out: `hasValueSql`. */
  valueSql(parameter: string, parameters: StatementParameters): string;
  /** Call it after `valueSql`, which sets the parameter. */
  hasValueSql(parameter: string): string;
  /**
   * The value among those asked for, a row for each tag that is among them. It is another expression than `valueSql` for
   * tags, because ClickHouse expands equal ones together: an event of tags a and b that is scoped to a counts per b as well.
   */
  valueAmongSql(names: DimensionParameters, parameters: StatementParameters): string;
  /** Whether an event has one of the values asked for. */
  isAmongSql(names: DimensionParameters, parameters: StatementParameters): string;
}

type FieldDimension = Exclude<(typeof WATCH_DIMENSIONS)[number], 'tag'>;

const PROPERTY = 'property.';

/** A field of the event by its name, and its column. */
function ofField(field: FieldDimension, column: string = field): Dimension {
  const value = `toString(assumeNotNull(\`${column}\`))`;
  const hasValue = `isNotNull(\`${column}\`)`;
  return {
    valuesOf: ({ [field]: own }) => (own == null ? [] : [own]),
    valuesMax: 1,
    valueSql: () => value,
    hasValueSql: () => hasValue,
    valueAmongSql: () => value,
    isAmongSql: ({ values }) => `${hasValue} AND ${value} IN {${values}:Array(String)}`,
  };
}

/** Written as in the sort key, so that the granules of other customers are not read. */
const CUSTOMER: Dimension = {
  ...ofField('customer'),
  isAmongSql: ({ values }) =>
    `isNotNull(customer) AND ifNull(customer, '') IN {${values}:Array(String)}`,
};

const TAGS = 'arrayDistinct(arrayMap(tag -> toString(tag), tags))';

const TAG: Dimension = {
  valuesOf: ({ tags }) => [...new Set(tags)],
  valuesMax: TAGS_MAX,
  valueSql: () => `arrayJoin(${TAGS})`,
  hasValueSql: () => 'notEmpty(tags)',
  valueAmongSql: ({ values }) =>
    `arrayJoin(arrayFilter(tag -> tag IN {${values}:Array(String)}, ${TAGS}))`,
  isAmongSql: ({ values }) => `hasAny(tags, {${values}:Array(String)})`,
};

function ofProperty(name: string): Dimension {
  const valueSql = (parameter: string, parameters: StatementParameters) => {
    parameters[parameter] = name;
    const value = `properties[{${parameter}:String}]`;
    // Properties are kept as JSON: a text stands in quotes, a number or boolean does not.
    return `if(startsWith(${value}, '"'), JSONExtractString(${value}), toString(${value}))`;
  };
  const hasValueSql = (parameter: string) => `mapContains(properties, {${parameter}:String})`;
  return {
    // Only what the event has itself: every object has a `toString`.
    valuesOf: ({ properties }) => {
      const own = Object.hasOwn(properties, name) ? properties[name] : null;
      return own == null ? [] : [String(own)];
    },
    valuesMax: 1,
    valueSql,
    hasValueSql,
    valueAmongSql: ({ parameter }, parameters) => valueSql(parameter, parameters),
    isAmongSql: ({ parameter, values }, parameters) => {
      const value = valueSql(parameter, parameters);
      return `${hasValueSql(parameter)} AND ${value} IN {${values}:Array(String)}`;
    },
  };
}

const NAMED: Record<(typeof WATCH_DIMENSIONS)[number], Dimension> = {
  customer: CUSTOMER,
  user: ofField('user'),
  key: ofField('key', 'api_key'),
  application: ofField('application'),
  provider: ofField('provider'),
  model: ofField('model'),
  type: ofField('type'),
  tag: TAG,
};

export function dimensionOf(name: WatchDimension): Dimension {
  return name.startsWith(PROPERTY)
    ? ofProperty(name.slice(PROPERTY.length))
    : NAMED[name as keyof typeof NAMED];
}
