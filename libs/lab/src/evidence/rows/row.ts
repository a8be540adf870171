/** One row of a table, by the names of its columns. */
export type Row = Record<string, string | number | boolean | null>;
