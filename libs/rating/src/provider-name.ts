/**
 * Our names first: what serves a model sets its price, so a platform's name wins over the maker's in it
 * (`azure.ai.openai` is Azure). Everything else keeps its name and goes to the price data's own matching.
 */
const ALIASES: Readonly<Record<string, string>> = {
  'fireworks-ai': 'fireworks',
  fireworks_ai: 'fireworks',
  'gcp.gen_ai': 'google',
  google_genai: 'google',
  novita_ai: 'novita',
  'novita-ai': 'novita',
  'together.ai': 'together',
  togetherai: 'together',
  x_ai: 'x-ai',
  'x.ai': 'x-ai',
  'z-ai': 'zai',
  'z.ai': 'zai',
  z_ai: 'zai',
};

/** Platforms that serve models of several makers, found anywhere in a name. */
const PLATFORMS: readonly (readonly [mark: string, provider: string])[] = [
  ['azure', 'azure'],
  ['az.ai.', 'azure'],
  ['bedrock', 'aws'],
  ['vertex', 'google'],
  ['openrouter', 'openrouter'],
];

/** An SDK's name of the call behind a provider's name: `xai.chat`. */
const CALL_SUFFIX = /\.(chat|completion|embedding|image|messages|responses|speech|transcription)$/;

/** The name under which a provider is looked up: lower case, aliases and call suffixes resolved. */
export function providerNameOf(reported: string): string {
  const name = reported.trim().toLowerCase();
  const platform = PLATFORMS.find(([mark]) => name.includes(mark));
  if (platform) return platform[1];
  const bare = name.replace(CALL_SUFFIX, '');
  return Object.hasOwn(ALIASES, bare) ? ALIASES[bare]! : bare;
}
