/** What `deploy`, `destroy` and `diff` have to do with their surroundings; tests give their own. */
import type { Clock } from "../../base/clock";
import type { StartTerraform } from "../../terraform/run-terraform";
import type { Probes } from "../doctor/doctor-checks";

export interface LifecycleSurroundings {
  readonly environment: NodeJS.ProcessEnv;
  /** What the environment's settings stand upon. @default the context of cdktf.json */
  readonly context?: unknown;
  readonly clock: Clock;
  readonly stdout: NodeJS.WritableStream & { readonly isTTY?: boolean };
  readonly stderr: NodeJS.WritableStream;
  /** Calls back at each Ctrl-C or request to end, and returns what stops that. */
  readonly onInterrupt: (interrupted: () => void) => () => void;
  /** Asks the user, until `signal` aborts; empty where no answer came. `null` where there is no terminal. */
  readonly ask: ((question: string, signal?: AbortSignal) => Promise<string>) | null;
  /** Does what no other process may do in this checkout meanwhile. */
  readonly exclusively: <T>(act: () => Promise<T>) => Promise<T>;
  readonly startTerraform: StartTerraform;
  /** Synthesizes the app. @throws Error with what the app said */
  readonly synthesize: (environment: NodeJS.ProcessEnv, signal: AbortSignal) => Promise<void>;
  /** The folder that `cdktf.out` and the states of the backend local are in. @default the project's */
  readonly projectFolder?: string;
  /** Loads what asks the machine and the services. */
  readonly loadProbes: () => Probes;
}
