import { describe, expect, it } from '@jest/globals';
import { refuseProject } from './refuse-project.js';

describe('refuseProject', () => {
  it.each([
    [{ id: 'demo', name: 'Anything' }, false, true],
    [{ id: 'p1', name: 'demo' }, false, true],
    [{ id: 'demo', name: 'demo' }, true, false],
    [{ id: 'p1', name: 'demonstration' }, false, false],
  ])('%j, at the simulator: %s, refused: %s', (project, isSimulated, isRefused) => {
    expect(refuseProject(project, isSimulated) !== null).toBe(isRefused);
  });

  it('says where the demo project is billed', () => {
    expect(refuseProject({ id: 'demo', name: 'demo' }, false)).toMatch(/demo project.*simulator/);
  });
});
