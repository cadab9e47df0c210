import { Inject, Injectable } from '@nestjs/common';
import {
  findQuarantined,
  listSetAside,
  type SetAsideItem,
  type SetAsidePosition,
} from '#clickhouse';
import { TOPICS } from '#contracts';
import type { EnvelopeProducer } from '#kafka/writes';
import { replays } from '../console.metrics.js';
import { Engines } from '../engines/engines.js';
import type { Page } from '../lists/newest-first.js';
import { setAsidePage } from '../lists/set-aside-page.js';
import type { SetAsideQueryDto } from '../lists/set-aside-query.dto.js';
import { showPosition, showTime } from '../position.dto.js';
import type { QuarantinedItemDto } from './quarantined-item.dto.js';
import { replayOf } from './replay-of.js';

/** Whoever writes a record of `usage.recorded`. */
export const REPLAY_PRODUCER = Symbol('replay producer');
export type ReplayProducer = Pick<EnvelopeProducer, 'send'>;

/** What became of a wish to replay. `unknown`: it may be on its way; repeating it is harmless. */
export type ReplayOutcome =
  | { state: 'replayed'; id: string }
  | { state: 'missing' }
  | { state: 'refused'; reason: string }
  | { state: 'unknown' };

/** Items that could not become usage. Those that no project could be read from belong to the project ''. */
@Injectable()
export class QuarantineService {
  constructor(
    private readonly engines: Engines,
    @Inject(REPLAY_PRODUCER) private readonly producer: ReplayProducer,
  ) {}

  list(project: string, query: SetAsideQueryDto): Promise<Page<QuarantinedItemDto>> {
    return setAsidePage(
      query,
      (page) =>
        this.engines.clickhouse((client) =>
          listSetAside(client, { ...page, project, decidedAs: 'quarantined' }),
        ),
      show,
    );
  }

  async find(project: string, id: string): Promise<QuarantinedItemDto | undefined> {
    const item = await this.findItem(project, id);
    return item && show(item);
  }

  /** Puts the item on its way again: one record, acknowledged by every in-sync replica. */
  async replay(project: string, id: string): Promise<ReplayOutcome> {
    const item = await this.findItem(project, id);
    if (item?.payload_encoding === 'ended')
      return {
        state: 'refused',
        reason: 'its content is no longer kept: its sender has to send it again',
      };
    if (item?.payload == null) return { state: 'missing' };
    const replay = replayOf(
      { id, payload: item.payload, payload_encoding: item.payload_encoding },
      project,
    );
    if ('refusal' in replay) {
      replays.inc({ outcome: 'refused' });
      return { state: 'refused', reason: replay.refusal };
    }
    const { state } = await this.producer.send({
      topic: TOPICS.usageRecorded,
      records: [replay.record],
    });
    replays.inc({ outcome: state === 'acknowledged' ? 'sent' : 'failed' });
    return state === 'acknowledged' ? { state: 'replayed', id } : { state: 'unknown' };
  }

  private findItem(project: string, id: string): Promise<SetAsideItem | undefined> {
    const position = readQuarantineId(id);
    if (position === null) return Promise.resolve(undefined);
    return this.engines.clickhouse((client) => findQuarantined(client, project, position));
  }
}

function show(item: SetAsideItem): QuarantinedItemDto {
  const { reason, detail, source, payload, payload_encoding } = item;
  return {
    id: quarantineIdOf(item),
    reason,
    detail,
    source: source === '' ? null : source,
    event_id: item.id === '' ? null : item.id,
    recorded_at: showTime(item.appended_at_ms),
    position: showPosition(item),
    payload,
    payload_encoding,
  };
}

/** Ids are positions: nothing else names every quarantined item, since what cannot be read has no id. */
function quarantineIdOf({ cluster, partition, offset, index }: SetAsidePosition): string {
  return `${partition}.${offset}.${index}.${cluster}`;
}

const ID = /^(\d{1,5})\.(\d{1,18})\.(\d{1,9})\.([\w-]{1,64})$/;

/** Null for what is no id of a quarantined item. */
function readQuarantineId(text: string): SetAsidePosition | null {
  const [, partition, offset, index, cluster] = ID.exec(text) ?? [];
  if (offset === undefined || cluster === undefined || Number(partition) > 65_535) return null;
  return { cluster, partition: Number(partition), offset, index: Number(index) };
}
