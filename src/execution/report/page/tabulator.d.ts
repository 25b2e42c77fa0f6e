/** The part of Tabulator that the page uses. The package brings no types. */
declare module "tabulator-tables" {
  export interface Column<Row> {
    readonly title: string;
    readonly field: keyof Row & string;
    readonly width?: number;
    readonly minWidth?: number;
    readonly widthGrow?: number;
    /** The columns with the highest numbers are hidden first. */
    readonly responsive?: number;
    readonly hozAlign?: "right";
    readonly headerHozAlign?: "right";
    readonly headerSort?: boolean;
    readonly headerSortStartingDir?: "desc";
    // biome-ignore lint/suspicious/noExplicitAny: the type of the values depends on the field
    readonly sorter?: "number" | ((one: any, other: any) => number);
    readonly formatter?: (cell: Cell<Row>) => Node | string;
  }

  export interface Cell<Row> {
    getData(): Row;
  }

  export interface Options<Row> {
    readonly data: readonly Row[];
    readonly columns: readonly Column<Row>[];
    readonly index: keyof Row & string;
    readonly initialSort: readonly { column: keyof Row & string; dir: "asc" | "desc" }[];
    readonly layout: "fitColumns";
    readonly responsiveLayout: "hide";
    readonly maxHeight: number;
    readonly rowHeight: number;
    readonly placeholder: string;
    readonly autoResize: false;
  }

  export class Tabulator<Row> {
    static registerModule(modules: readonly unknown[]): void;
    constructor(selector: string, options: Options<Row>);
    readonly element: HTMLElement;
    on(event: "rowClick", listener: (event: UIEvent, row: Cell<Row>) => void): void;
    on(event: "tableBuilt", listener: () => void): void;
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
