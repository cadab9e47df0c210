/** The keys of a project: one hash tag, so that one script call may touch them all. */
export const counterKeys = {
  marks: (project: string) => `{${project}}:marks`,
  seeded: (project: string, partition: number | '') => `{${project}}:seeded:${partition}`,
  /** Watches whose stored usage is being added, each with how far that is. */
  seeding: (project: string, partition: number) => `{${project}}:seeding:${partition}`,
  /** Partitions whose mark was adopted and whose usage is not counted up to it. */
  behind: (project: string) => `{${project}}:behind`,
  pending: (project: string) => `{${project}}:pending`,
  counters: (project: string, definition: string, windowStartMs: number | '') =>
    `{${project}}:counters:${definition}:${windowStartMs}`,
  /** What the counters of a sliding watch have reached, and their arming numbers. */
  states: (project: string, watch: string) => `{${project}}:states:${watch}`,
  /** `<watch> <counter key>` of every sliding counter at or above a bound. */
  firing: (project: string) => `{${project}}:firing`,
  /** The bounds that earlier days give the counters of a rate, for one hour. */
  baseline: (project: string, definition: string, hourMs: number) =>
    `{${project}}:baseline:${definition}:${hourMs}`,
};
