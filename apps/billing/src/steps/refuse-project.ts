const DEMO = 'demo';

/** Why a project is not billed at all; null when it may be. Made-up usage never reaches a real Stripe account. */
export function refuseProject(
  project: { id: string; name: string },
  isSimulated: boolean,
): string | null {
  if (isSimulated || (project.id !== DEMO && project.name !== DEMO)) return null;
  return 'the demo project is billed at the simulator only';
}
