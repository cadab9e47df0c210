/** A made-up customer; `dailyCalls` is what an ordinary working day brings. */
export interface DemoCustomer {
  id: string;
  dailyCalls: number;
}

const NAMES = [
  'harbour-logistics',
  'northwind-insurance',
  'blue-heron-travel',
  'kestrel-legal',
  'orchard-health',
  'pinewood-homes',
  'silver-birch-bank',
  'tidewater-energy',
  'cobalt-robotics',
  'meadow-foods',
  'granite-hosting',
  'juniper-schools',
  'lantern-media',
  'walnut-tax',
  'osprey-security',
  'thistle-games',
  'marigold-events',
  'quarry-tools',
  'saffron-kitchens',
  'yarrow-design',
];

const LARGEST_DAILY_CALLS = 420;
const TAIL_EXPONENT = 1.1;

/** Twenty customers with a heavy tail: the first three make more calls than all others together. */
export const demoCustomers: readonly DemoCustomer[] = NAMES.map((name, rank) => ({
  id: `demo-${name}`,
  dailyCalls: LARGEST_DAILY_CALLS / (rank + 1) ** TAIL_EXPONENT,
}));
