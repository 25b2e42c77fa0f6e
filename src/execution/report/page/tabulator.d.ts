/** The part of Tabulator that the page uses. The package has no types. */
declare module "tabulator-tables" {
  export interface Column<Row> {
    readonly title: string;
    readonly field: keyof Row & string;
    readonly formatter?: (cell: { getData(): Row }) => Node | string;
    /** The columns with the highest numbers are hidden first. */
    readonly responsive: number;
    readonly [option: string]: unknown;
  }

  export class Tabulator<Row> {
    static registerModule(modules: readonly unknown[]): void;
    constructor(selector: string, options: { readonly data: readonly Row[]; readonly [option: string]: unknown });
    readonly element: HTMLElement;
    on(event: string, listener: (event: UIEvent, row: { getData(): Row }) => void): void;
    setFilter(isShown: (row: Row) => boolean): void;
    clearFilter(): void;
    redraw(force: boolean): void;
  }

  export const FilterModule: unknown;
  export const FormatModule: unknown;
  export const InteractionModule: unknown;
  export const ResizeColumnsModule: unknown;
  export const ResponsiveLayoutModule: unknown;
  export const SortModule: unknown;
}
