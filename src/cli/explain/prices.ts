import prices from './price-list.json';

/** Date and validity of these list prices. AWS changes them: the AWS pages take precedence. */
export const PRICES_AS_OF = 'November 2026';
export const PRICES_REGION = 'us-east-1';

/** A month as AWS counts it in its own examples. */
export const HOURS_A_MONTH = 730;

/** A list price in dollars, without tax and discounts. */
export interface Price {
  readonly dollars: number;
  readonly what: string;
  readonly unit: string;
  /** AWS's own page that has it. */
  readonly page: string;
  /**
   * Origin of the price: `AWS` for a copy of that page, `others` for pages of 2026 that quote it; or not confirmed.
   */
  readonly read: string;
}

export const PRICES: { readonly [name in keyof typeof prices]: Price } = prices;

/** Monthly free allowances of every account. */
export const FREE = {
  alarmMetrics: 10,
  dashboards: 3,
  pipelineMinutes: 100,
  buildMinutes: 100,
  stateTransitions: 4000,
} as const;
