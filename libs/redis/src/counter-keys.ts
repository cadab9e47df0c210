/** The keys of a project: one hash tag, so that one script call may touch them all. */
export const counterKeys = {
  marks: (project: string) => `{${project}}:marks`,
  seeded: (project: string, partition: number) => `{${project}}:seeded:${partition}`,
  pending: (project: string) => `{${project}}:pending`,
  counters: (project: string, definition: string, windowStartMs: number) =>
    `{${project}}:counters:${definition}:${windowStartMs}`,
};
