export interface PartScore {
  name: string;
  noticed: number;
  /** Without those that are excluded beside the code, with a reason, and those that do not even run. */
  mutants: number;
  /** In percent. */
  score: number;
}

const NOTICED = ['Killed', 'Timeout'];
const MISSED = ['Survived', 'NoCoverage'];

/** What the tests noticed of the mutants of a part. */
export function scoreOf(name: string, results: readonly { status: string }[]): PartScore {
  const noticed = results.filter(({ status }) => NOTICED.includes(status)).length;
  const mutants = noticed + results.filter(({ status }) => MISSED.includes(status)).length;
  return { name, noticed, mutants, score: mutants === 0 ? 100 : (100 * noticed) / mutants };
}

/** A line a part, to be read. */
export function writeScores(scores: readonly PartScore[]): string {
  return scores
    .map(({ name, noticed, mutants, score }) => {
      return `${name.padEnd(16)} ${score.toFixed(1).padStart(6)} %  ${noticed} of ${mutants} mutants\n`;
    })
    .join('');
}
