/** The session of a command. A function takes only the parts that it needs. Tests pass fakes. */
import type { Clock } from "../base/clock";
import type { StartTerraform } from "../terraform/run-terraform";
import type { SynthesisOrder } from "../terraform/synthesis";
import type { Aws } from "./aws";
import type { Probes } from "./doctor/probes";

/** The project that a command is about. */
export interface Project {
  /** Variables, among them the settings `WORKFLOW_…`. */
  readonly environment: NodeJS.ProcessEnv;
  /** Settings that the variables override. @default the context of cdktf.json */
  readonly context?: unknown;
  /** The folder of `cdktf.out` and of the state files of the backend `local`. @default this project's */
  readonly projectFolder?: string;
}

/** Standard input, output and error, on a terminal or not. */
export interface Terminal {
  readonly stdout: NodeJS.WritableStream & { readonly isTTY?: boolean };
  readonly stderr: NodeJS.WritableStream & {
    readonly isTTY?: boolean;
    readonly columns?: number;
    readonly rows?: number;
  };
  readonly readStandardInput: () => string;
  /** Asks the user. The answer is empty if `signal` aborts. `ask` itself is `null` without a terminal. */
  readonly ask: ((question: string, signal?: AbortSignal) => Promise<string>) | null;
  /** Calls `interrupted` at each Ctrl-C or request to end. Returns the function that stops listening. */
  readonly onInterrupt: (interrupted: () => void) => () => void;
}

/** The terminal, for a program that takes it over. */
export interface Foreground {
  /** Runs a program with the standard streams of this process. Resolves to its exit code. */
  readonly inForeground: (program: string, args: readonly string[]) => Promise<number>;
}

export interface Timed {
  readonly clock: Clock;
}

/** AWS. Only the commands that call it load its clients. */
export interface AwsAccess {
  readonly loadAws: () => Promise<Aws>;
}

/** Terraform and the synth. */
export interface TerraformRunner {
  readonly startTerraform: StartTerraform;
  /** Synthesizes the app. @throws Error with the output of the app */
  readonly synthesize: (environment: NodeJS.ProcessEnv, signal: AbortSignal, order?: SynthesisOrder) => Promise<void>;
  /** Runs `act` while no other process can change this checkout. */
  readonly exclusively: <T>(act: () => Promise<T>) => Promise<T>;
}

/** The probes of `doctor`, which ask the machine and the services. */
export interface Diagnosis {
  readonly loadProbes: () => Promise<Probes>;
}

/** The runs of this machine that are kept. */
export interface KeptRuns {
  /** Their folders: the one for documents from elsewhere first, the project's last. No run is kept if there are none. */
  readonly runsFolders: readonly string[];
}

export interface Session
  extends Project,
    KeptRuns,
    Terminal,
    Foreground,
    Timed,
    AwsAccess,
    TerraformRunner,
    Diagnosis {}
