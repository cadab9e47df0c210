const REMINDER_MS = 5_000;

/** Runs a step that may take minutes and shows every five seconds that it is still at work. */
export async function slowStep(label, work) {
  const startedAt = Date.now();
  const seconds = () => `${Math.round((Date.now() - startedAt) / 1000)} s`;
  console.log(`${label} ...`);
  const reminder = setInterval(() => console.log(`  ...  ${label}: ${seconds()}`), REMINDER_MS);
  try {
    const result = await work();
    console.log(`  ok   ${label} (${seconds()})`);
    return result;
  } finally {
    clearInterval(reminder);
  }
}
