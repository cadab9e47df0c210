import {
  type ClickHouseClient,
  countIdentities,
  countInsertsUnderWay,
  findIdentities,
  rawPositions,
  setAsidePositions,
  streamIdentities,
} from '#clickhouse';
import {
  correctRollups,
  insertIdentities,
  insertUsageRaw,
  insertUsageSetAside,
} from '#clickhouse/writes';
import type { UsageStorePort } from './aggregator.ports.js';

/** The store of the protocol on a real ClickHouse. */
export function clickHouseUsageStore(client: ClickHouseClient): UsageStorePort {
  return {
    findIdentities: (search) => findIdentities(client, search),
    countIdentities: (partition) => countIdentities(client, partition),
    streamIdentities: (partition) => streamIdentities(client, partition),
    insertRaw: (rows, tokens) => insertUsageRaw(client, rows, tokens),
    insertSetAside: (rows, tokens) => insertUsageSetAside(client, rows, tokens),
    insertIdentities: (rows, tokens) => insertIdentities(client, rows, tokens),
    insertsUnderWay: () => countInsertsUnderWay(client),
    rawPositions: (extent) => rawPositions(client, extent),
    setAsidePositions: (extent) => setAsidePositions(client, extent),
    correctRollups: (extent) => correctRollups(client, extent),
  };
}
