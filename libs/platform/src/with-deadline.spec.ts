import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { DeadlinePassed, withDeadline } from './with-deadline.js';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

const never = (): Promise<never> => new Promise(() => undefined);

describe('work with a deadline', () => {
  it('settles as the work does, and leaves no timer behind', async () => {
    await expect(withDeadline(() => Promise.resolve(7), 500, 'no answer')).resolves.toBe(7);
    await expect(withDeadline(() => 8, 500, 'no answer')).resolves.toBe(8);
    const failing = withDeadline(() => Promise.reject(new Error('refused')), 500, 'no answer');
    await expect(failing).rejects.toThrow('refused');
    const throwing = () => {
      throw new Error('at once');
    };
    await expect(withDeadline(throwing, 500, 'no answer')).rejects.toThrow('at once');
    expect(jest.getTimerCount()).toBe(0);
  });

  it('ends after its time and not before, and says what did not happen', async () => {
    const ended = jest.fn();
    const work = withDeadline(never, 500, 'the SMTP server did not answer');
    work.catch(ended);
    await jest.advanceTimersByTimeAsync(499);
    expect(ended).not.toHaveBeenCalled();
    await jest.advanceTimersByTimeAsync(1);
    await expect(work).rejects.toEqual(
      new DeadlinePassed('the SMTP server did not answer within 500 ms'),
    );
    expect(jest.getTimerCount()).toBe(0);
  });

  it('aborts the work when its time is over, and passes for late all the same', async () => {
    const heeding = (signal: AbortSignal): Promise<never> =>
      new Promise((_, reject) =>
        signal.addEventListener('abort', () => reject(new Error('aborted'))),
      );
    const work = withDeadline(heeding, 500, 'no answer');
    work.catch(() => undefined);
    await jest.advanceTimersByTimeAsync(500);
    await expect(work).rejects.toThrow(DeadlinePassed);
  });

  it('never aborts work that was in time', async () => {
    let given: AbortSignal | undefined;
    await withDeadline((signal) => Promise.resolve((given = signal)), 500, 'no answer');
    await jest.advanceTimersByTimeAsync(1_000);
    expect(given?.aborted).toBe(false);
  });

  it('has no time left where the deadline has passed before', async () => {
    const work = withDeadline(never, -3, 'no answer');
    work.catch(() => undefined);
    await jest.advanceTimersByTimeAsync(1);
    await expect(work).rejects.toThrow('no answer within -3 ms');
  });
});
