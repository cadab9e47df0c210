-- Who decides about a partition of usage, and how far its storing has come.
CREATE TABLE partition_ownership (
  cluster            text NOT NULL,
  topic              text NOT NULL,
  partition          int NOT NULL,
  -- raised by each new owner; a write with an older epoch changes nothing
  epoch              bigint NOT NULL,
  -- the next offset to read in this topic: everything before it is stored
  stored_to          bigint NOT NULL DEFAULT 0,
  -- the highest offset of usage.recorded that is stored, and when the broker appended it; -1 when none
  origin_stored_to   bigint NOT NULL DEFAULT -1,
  origin_appended_at timestamptz,
  -- the one plan that may be under way: offsets of this topic, inclusive
  plan_first         bigint,
  plan_last          bigint,
  plan_token         text,
  plan_counted       int,
  plan_set_aside     int,
  PRIMARY KEY (cluster, topic, partition)
);
