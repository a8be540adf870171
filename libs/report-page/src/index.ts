export { renderPage } from './render-page.ts';
export type * from './report-data.ts';
export type * from './sequence-model.ts';
