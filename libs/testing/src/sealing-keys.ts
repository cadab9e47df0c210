/** What tests seal webhook secrets under. */
export const TEST_SEALING_KEYS = [`test:${'5e'.repeat(32)}`];
