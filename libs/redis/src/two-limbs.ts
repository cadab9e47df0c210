const BASE = 1_000_000_000_000n;

/** A non-negative amount as whole trillions and the rest: doubles hold both, and their sums, exactly. */
export function limbsOf(amount: bigint): [number, number] {
  if (amount >= 0n && amount < BASE) return [0, Number(amount)];
  const high = amount / BASE;
  if (amount < 0n || high > BigInt(Number.MAX_SAFE_INTEGER) / 2n) {
    throw new RangeError(`not an amount that can be counted: ${amount}`);
  }
  return [Number(high), Number(amount % BASE)];
}

/** The amount of a stored value, `<trillions>:<rest>`. */
export function amountOf(value: string): bigint {
  const [high = '0', low = '0'] = value.split(':');
  return BigInt(high) * BASE + BigInt(low);
}
