import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { testEngines } from '#testing';
import { createDatabase } from './create-database.js';
import { setUpAlone } from './set-up-alone.js';

const newDatabase = () =>
  createDatabase(testEngines().databaseUrl, `test_${randomUUID().replaceAll('-', '')}`);

describe('setUpAlone', () => {
  it('lets one process at a time at work; the others wait', async () => {
    const { databaseUrl, drop } = await newDatabase();
    let atWork = 0;
    const most: number[] = [];
    const work = async () => {
      atWork += 1;
      most.push(atWork);
      await new Promise((resolve) => setTimeout(resolve, 50));
      atWork -= 1;
    };
    await Promise.all(Array.from({ length: 4 }, () => setUpAlone(databaseUrl, work)));
    expect(most).toEqual([1, 1, 1, 1]);
    await drop();
  });

  it('tells the work when its connection broke, since another may begin', async () => {
    const { databaseUrl, drop } = await newDatabase();
    const stopped = await setUpAlone(databaseUrl, async (signal) => {
      const raised = new Promise((resolve) => signal.addEventListener('abort', resolve));
      // Dropping the database breaks off whoever is connected to it.
      await drop();
      await raised;
      return signal.aborted;
    });
    expect(stopped).toBe(true);
  });
});
