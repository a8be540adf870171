import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Place } from '../page-address.ts';
import type { ReportData, ReportEvent } from '../report-data.ts';

/** What all views share: what is shown, what is selected in it, and how to select. */
export interface View {
  /** The run that is looked at. */
  data: ReportData;
  /** The part of it that is about the chosen order. */
  shown: ReportData;
  /** Its events that are told: all, or those that are no detail. */
  told: ReportEvent[];
  place: Place;
  selected: ReportEvent | null;
  /** Id of the selected span. */
  span: string | null;
  /** On paper all is open and nothing has to be clicked. */
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
  if (view === null) throw new Error('a part of the page is used outside of the page');
  return view;
}
