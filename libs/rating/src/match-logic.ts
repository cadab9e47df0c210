import { type MatchLogic } from '@pydantic/genai-prices';

export type TextTest = (text: string) => boolean;

/** Compiles the price data's matching rule. Rules ignore case, so the text given must be lower case. */
export function compileMatch(logic: MatchLogic): TextTest {
  if ('or' in logic) {
    const tests = logic.or.map(compileMatch);
    return (text) => tests.some((test) => test(text));
  }
  if ('and' in logic) {
    const tests = logic.and.map(compileMatch);
    return (text) => tests.every((test) => test(text));
  }
  if ('regex' in logic) {
    const pattern = new RegExp(logic.regex);
    return (text) => pattern.test(text);
  }
  if ('equals' in logic) return compare(logic.equals, (text, part) => text === part);
  if ('starts_with' in logic)
    return compare(logic.starts_with, (text, part) => text.startsWith(part));
  if ('ends_with' in logic) return compare(logic.ends_with, (text, part) => text.endsWith(part));
  return compare(logic.contains, (text, part) => text.includes(part));
}

function compare(written: string, test: (text: string, part: string) => boolean): TextTest {
  const part = written.toLowerCase();
  return (text) => test(text, part);
}
