export interface PartitionOwnershipTable {
  cluster: string;
  topic: string;
  partition: number;
  epoch: bigint;
  stored_to: bigint;
  origin_stored_to: bigint;
  origin_appended_at: Date | null;
  plan_first: bigint | null;
  plan_last: bigint | null;
  plan_token: string | null;
  plan_counted: number | null;
  plan_set_aside: number | null;
}
