const BASE = 1_000_000_000_000n;
/** As in `amounts.lua`: the sum of two is exact. */
const HIGH_MAX = BigInt(Number.MAX_SAFE_INTEGER) / 2n;

/** A non-negative amount as whole trillions and the rest: doubles hold both, and their sums, exactly. */
export function limbsOf(amount: bigint): [number, number] {
  if (amount >= 0n && amount < BASE) return [0, Number(amount)];
  const high = amount / BASE;
  if (amount < 0n || high > HIGH_MAX) {
    throw new RangeError(`not an amount that can be counted: ${amount}`);
  }
  return [Number(high), Number(amount % BASE)];
}

/** An amount to be added. What no counter can hold becomes the least of its kind, which the script refuses and reports. */
export function addedLimbsOf(amount: bigint): [number, number] {
  return amount / BASE > HIGH_MAX ? [Number(HIGH_MAX) + 1, 0] : limbsOf(amount);
}

/** The amount of a stored value, `<trillions>:<rest>`. */
export function amountOf(value: string): bigint {
  const [high = '0', low = '0'] = value.split(':');
  return BigInt(high) * BASE + BigInt(low);
}
