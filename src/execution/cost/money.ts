/** Amounts of money in words. */

/** Formats US dollars with three significant digits, such as `$0.0123`, `$1.23` or `$1,235`; below a cent `less than $0.01`. */
export function dollars(amount: number): string {
  if (amount === 0) return "$0";
  if (amount < CENT) return `less than $${CENT}`;
  return amount < 1 ? `$${amount.toFixed(2 - Math.floor(Math.log10(amount)) - 1)}` : shown(amount);
}

/** Formats an amount that is not exact: `about $0.0123`, `up to $0.0123`, or `less than $0.01`. */
export function roughly({ amount, isMost }: { readonly amount: number; readonly isMost: boolean }): string {
  const text = dollars(amount);
  return text.startsWith("$") && amount > 0 ? `${isMost ? "up to" : "about"} ${text}` : text;
}

// --- internal ---

const CENT = 0.01;

function shown(amount: number): string {
  const digits = amount < 100 ? 2 : 0;
  return `$${amount.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits })}`;
}
