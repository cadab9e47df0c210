export { pricedUsage } from './priced-usage.js';
export { someBudget } from './some-budget.js';
