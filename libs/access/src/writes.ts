/** What writes keys and projects; no app uses it. */
export { DEMO_PROJECT, seedDemoProject } from './seed-demo-project.js';
