/** Amounts of money in words. */
import type { Cost } from "./costs";

/** Formats US dollars: `$0.0123`, `$1.23`, `$1,235`; below a cent `less than $0.01`. */
export function dollars(amount: number): string {
  if (amount > 0 && amount < CENT) return `less than $${CENT}`;
  const digits = amount === 0 || amount >= 100 ? 0 : amount >= 1 ? 2 : 2 - Math.floor(Math.log10(amount));
  return `$${amount.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits })}`;
}

/** Formats a cost: `about $0.0123`, `up to $0.0123`, `less than $0.01`. Empty if it is not known. */
export function roughly({ amount, isMost }: Pick<Cost, "amount" | "isMost">): string {
  if (amount === null) return "";
  if (amount < CENT) return dollars(amount);
  return `${isMost ? "up to" : "about"} ${dollars(amount)}`;
}

/** Formats a cost for a narrow column: `$0.0123`, or `<$0.01`. Empty if there is none, or if it is not known. */
export function briefly(cost: Pick<Cost, "amount"> | undefined): string {
  const amount = cost?.amount ?? 0;
  return amount === 0 ? "" : dollars(amount).replace("less than ", "<");
}

/** Formats the price of an hour, which is small: `about $0.00373`. */
export function hourly({ perHour, isMost }: { readonly perHour: number; readonly isMost: boolean }): string {
  return `${isMost ? "up to" : "about"} ${perHour < CENT ? `$${Number(perHour.toPrecision(3))}` : dollars(perHour)}`;
}

/** Describes the cost of one job. The cost of a small job is also told for a thousand of them. */
export function jobCostInWords(cost: Pick<Cost, "amount" | "isMost">): string {
  const { amount, isMost } = cost;
  if (amount === null) return "not known";
  const many = { amount: amount * 1000, isMost };
  return amount > 0 && amount < CENT ? `${roughly(cost)}, 1,000 such jobs ${roughly(many)}` : roughly(cost);
}

// --- internal ---

const CENT = 0.01;
