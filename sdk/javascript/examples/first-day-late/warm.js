import { SituationBuilder } from '../../src/testkit/situation-builder.js';
import stage from './stage.js';
const s = new SituationBuilder().invoice('inv-1', 12_000n, 1).reachable('email', 'sms');
globalThis.__s = s;
const built = typeof s.build === 'function' ? s.build() : s.situation ?? s;
for (let i = 0; i < 3; i++) { try { stage.decide(built, JSON.stringify({ template: 'first-day-late' })); globalThis.__warm = 'ok'; } catch (e) { globalThis.__warm = String(e); } }
export default stage;
