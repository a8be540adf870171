export { renderPage } from './render-page.ts';
export type * from './report-data.ts';
export type * from './sequence-model.ts';
export { stepsOfOrder } from './steps-of-order.ts';
export { usedLifelines } from './used-lifelines.ts';
