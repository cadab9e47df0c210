/** The fields that a body really has: a DTO holds `undefined` for all others, which must not be written. */
export function givenFields<T extends object>(
  dto: T,
): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(dto).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
