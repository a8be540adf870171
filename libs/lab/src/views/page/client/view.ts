import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Place } from '../page-address.ts';
import type { ReportData, ReportEvent } from '../report-data.ts';

/** The state that all views share: the shown data, the selection, and how to select. */
export interface View {
  /** The chosen run. */
  data: ReportData;
  /** The part of the run that concerns the chosen order. */
  shown: ReportData;
  /** The listed events: all events, or all but the details. */
  listed: ReportEvent[];
  place: Place;
  selected: ReportEvent | null;
  /** Id of the selected span. */
  span: string | null;
  /** On paper, all parts are open. */
  isPrinting: boolean;
  withDetails: boolean;
  setDetails(wanted: boolean): void;
  select(event: number): void;
  selectSpan(span: string): void;
  chooseOrder(label: string | null): void;
}

export const ViewContext = createContext<View | null>(null);

/** @throws Error outside of a page */
export function useView(): View {
  const view = useContext(ViewContext);
  if (view === null) throw new Error('a part of the page is rendered outside the page');
  return view;
}
