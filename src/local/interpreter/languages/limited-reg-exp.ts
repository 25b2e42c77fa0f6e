import { TooSlow, withinTime } from "../../../base/time-limit";

const MILLISECONDS = 1000;

/** A regular expression that stops when it backtracks without an end. */
export class LimitedRegExp extends RegExp {
  override exec(text: string): RegExpExecArray | null {
    try {
      return withinTime(MILLISECONDS, () => super.exec(text));
    } catch (failure) {
      if (!(failure instanceof TooSlow)) throw failure;
      throw new Error(`The regular expression ${this} takes more than ${MILLISECONDS / 1000} s`);
    }
  }
}
