import type { SetAsideRow, UsageRow } from '#clickhouse';
import { alertIdOf, type AlertRaised, canonicalJson } from '#contracts';

/** Tells a project of something that no budget or rate watches. One a day for each subject. */
export interface Notice {
  /** The UTC day on which the usage was appended to the log: the same however often it is read. */
  day: string;
  alert: AlertRaised;
}

/** The rows of a plan. */
export interface NoticedRows {
  counted: readonly UsageRow[];
  setAside: readonly SetAsideRow[];
}

type Texts = Record<string, string | null>;

interface Occasion {
  type: 'model.unpriced' | 'usage.quarantined';
  project: string;
  /** What makes it another notice. */
  subject: Texts;
  appendedAt: string;
  /** What of the row the notice shows. */
  example: Texts;
}

const DETAIL_CHARACTERS_MAX = 500;

/**
 * What the rows of a plan give rise to: usage without a price, one notice for each provider, model and reason of a
 * project and day; quarantined items, one for each reason. The first row of a subject is the example. Rows whose
 * project could not be read tell nobody.
 */
export function noticesOf(rows: NoticedRows, nowMs: number): Notice[] {
  const notices = new Map<string, Notice>();
  for (const occasion of occasionsIn(rows)) {
    const { type, project, subject, appendedAt } = occasion;
    const day = appendedAt.slice(0, 10);
    const name = JSON.stringify([type, project, day, canonicalJson(subject)]);
    if (!notices.has(name)) notices.set(name, { day, alert: alertOf(occasion, day, nowMs) });
  }
  return [...notices.values()];
}

function* occasionsIn({ counted, setAside }: NoticedRows): Generator<Occasion> {
  for (const { usage, origin } of counted) {
    const { project, provider, model, source, id, event_time, cost } = usage;
    if (cost.state !== 'unpriced') continue;
    const subject = { provider, model, reason: cost.reason };
    const example = { source, event_id: id, event_time };
    yield { type: 'model.unpriced', project, subject, appendedAt: origin.appended_at, example };
  }
  for (const { decidedAs, project, reason, detail, source, id, origin } of setAside) {
    if (decidedAs !== 'quarantined' || project === null || project === '') continue;
    const appendedAt = origin.appended_at;
    const shown = detail.slice(0, DETAIL_CHARACTERS_MAX);
    const example = { detail: shown, source, event_id: id, quarantined_at: appendedAt };
    yield { type: 'usage.quarantined', project, subject: { reason }, appendedAt, example };
  }
}

function alertOf(
  { type, project, subject, example }: Occasion,
  day: string,
  nowMs: number,
): AlertRaised {
  const counterKey = canonicalJson(subject);
  const unwatched = { watch: '', threshold: '', arming: 0 };
  return {
    v: 1,
    id: alertIdOf({ type, project, counterKey, windowStart: day, ...unwatched }),
    project: storable(project),
    type,
    raised_at: new Date(nowMs).toISOString(),
    raised_by: null,
    data: Object.fromEntries(
      Object.entries({ ...subject, ...example }).map(([name, text]) => [
        name,
        text === null ? null : storable(text),
      ]),
    ),
  };
}

/** What waits in quarantine may hold what is no text; the alert of it must not be refused for that. */
function storable(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\uFFFD');
}
