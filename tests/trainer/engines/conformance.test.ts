import { describeEngine } from './conformance.ts';

describeEngine('cpu');
describeEngine('wasm');
