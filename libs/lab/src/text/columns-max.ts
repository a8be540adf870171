/** The widest line that the lab prints. */
export const COLUMNS_MAX = 100;
