/** What carries a code to an address that nobody has confirmed: the only thing that is sent there. */
export const CONFIRMATION_TYPE = 'endpoint.confirmation';
