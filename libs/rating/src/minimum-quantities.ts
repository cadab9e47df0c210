import { type UsageVector } from '#contracts';

/** Groq asks for ten seconds of audio at least; the price data keeps this in its calculator, not in its table. */
const GROQ_AUDIO_SECONDS_MIN = 10;
const GROQ_MODELS = new Set(['whisper-large-v3', 'whisper-large-v3-turbo']);

/** The usage that a provider charges for when less was used. Nothing used stays nothing. */
export function applyMinimums(provider: string, model: string, usage: UsageVector): UsageVector {
  const seconds = usage.audio_seconds ?? 0;
  const applies = provider === 'groq' && GROQ_MODELS.has(model);
  if (!applies || seconds <= 0 || seconds >= GROQ_AUDIO_SECONDS_MIN) return usage;
  return { ...usage, audio_seconds: GROQ_AUDIO_SECONDS_MIN };
}
