import type { Json, JsonObject } from "../../base/json";
import { checkPayload, payloadBytes } from "./payload-size";
import { StatesError } from "./states-error";

/** @see https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html ("Limits") */
const MAX_STORED_BYTES = 10 * 2 ** 20;

const NONE: Readonly<JsonObject> = {};

/**
 * The variables that a block of states can read. The states of a Map or a Parallel read the variables around it, and assign only
 * their own.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html ("Variable scope")
 */
export class Variables {
  private own: Readonly<JsonObject> = NONE;

  private constructor(
    private readonly outer: Variables | null,
    private readonly stored: { bytes: number },
  ) {}

  /** Returns the variables of an execution that begins. @param first the variables that are set already @default none */
  static ofExecution(first: JsonObject = {}): Variables {
    const variables = new Variables(null, { bytes: 0 });
    variables.assign(first);
    return variables;
  }

  /** Returns the variables of a block inside a state of this block. */
  inside(): Variables {
    return new Variables(this, this.stored);
  }

  get(name: string): Json | undefined {
    return Object.hasOwn(this.own, name) ? this.own[name] : this.outer?.get(name);
  }

  /** Returns all variables that can be read, by name. */
  all(): JsonObject {
    if (this.outer === null) return this.own;
    // Most blocks assign nothing.
    return this.own === NONE ? this.outer.all() : { ...this.outer.all(), ...this.own };
  }

  /** @throws StatesError `States.DataLimitExceeded` if one value, or all values of the execution, are too large */
  assign(values: JsonObject): void {
    for (const [name, value] of Object.entries(values)) {
      checkPayload(value, `The value of the variable '${name}' has a size`);
      const before = Object.hasOwn(this.own, name) ? payloadBytes(this.own[name]!) : 0;
      this.stored.bytes += payloadBytes(value) - before;
    }
    if (this.stored.bytes > MAX_STORED_BYTES) {
      const cause = "The variables of the execution have a size exceeding the maximum number of bytes service limit.";
      throw new StatesError("States.DataLimitExceeded", cause);
    }
    if (Object.keys(values).length > 0) this.own = { ...this.own, ...values };
  }
}
