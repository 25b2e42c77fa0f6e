/** The result of a check of `doctor`. */
export interface Finding {
  readonly status: "ok" | "warning" | "failure";
  readonly message: string;
  /** Advice. @default none: there is nothing to do, or the message says it */
  readonly fix?: string;
}

export const ok = (message: string): Finding => ({ status: "ok", message });
export const warning = (message: string, fix: string): Finding => ({ status: "warning", message, fix });
export const failure = (message: string, fix: string): Finding => ({ status: "failure", message, fix });
