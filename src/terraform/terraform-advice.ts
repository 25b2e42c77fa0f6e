/** Advice about a Terraform that failed, in addition to its own message. */
import type { Ended } from "./run-terraform";

/** The call of Terraform that ended. */
export interface TerraformCall {
  /** The command of Terraform, such as `terraform`. */
  readonly binary: string;
  /** Its subcommand, such as `apply`. */
  readonly subcommand: string;
  readonly stack: string;
  /** Folder that it ran in, relative to the project. */
  readonly folder: string;
}

type Advice = (call: TerraformCall, match: RegExpExecArray) => string;

/** Advice by the text of Terraform on standard error, without colours and frames. */
const ADVICE: readonly (readonly [RegExp, Advice])[] = [
  [
    /Error acquiring the state lock[\s\S]*?\bID:\s+(\S+)/,
    ({ stack, ...call }, [, id]) =>
      `the state of ${stack} is locked; if nothing deploys or destroys it at the moment, a killed command has left the lock: release it with \`${unlock(call)} ${id}\``,
  ],
  [
    /Error saving state|Failed to persist state|errored\.tfstate/,
    ({ stack, folder }) =>
      `the state of ${stack} is in ${folder}/errored.tfstate, because it could not be saved; mend what kept it, then start again: you are told how to put it in its place`,
  ],
  [
    /Backend (?:initialization required|configuration (?:block has )?changed|type changed)|Backend configuration changed|Migrating (?:from|to|the state)/,
    () =>
      "the setting `backend` or what belongs to it has changed; give `--migrate-state` to move the state there, or set it to what it was",
  ],
  [
    /Instance cannot be destroyed[\s\S]*aws_s3_bucket\.data\b/,
    () =>
      "a deploy never replaces the bucket for data, whose name follows from `name`, `environment` and `region`; set them as they were, or see docs/data.md for how to destroy it",
  ],
  [
    /creating S3 Bucket \(([a-z0-9.-]+)\)[\s\S]*BucketAlreadyOwnedByYou/,
    ({ binary, folder }, [, bucket]) =>
      `the bucket is there, and is not in the state; take it into the state with \`${binary} -chdir=${folder} import aws_s3_bucket.data ${bucket}\`, then start again`,
  ],
  [
    /BucketNotEmpty/,
    ({ stack }) =>
      `something still writes to the bucket of ${stack}; stop it, then run \`npx workflow destroy --data --delete-objects\` again`,
  ],
  [
    /doesn't match any of the checksums|does not match any of the checksums/,
    ({ folder }) =>
      `a provider is not the one that was installed first; if that is right, remove ${folder}/.terraform.lock.hcl and ${folder}/.terraform/providers, and try again`,
  ],
];

/** Returns advice; `null` if the message of Terraform is enough. */
export function adviceFor(
  { signal, stderr, interrupted }: Pick<Ended, "signal" | "stderr"> & { readonly interrupted: boolean },
  call: TerraformCall,
): string | null {
  const { binary, subcommand, stack } = call;
  if (signal !== null) {
    const reason = interrupted ? "it did not end by itself" : "the system does that when memory runs out";
    return (
      `${binary} was killed by ${signal} while it ran ${subcommand} in ${stack}; ${reason}. ` +
      `What it has done may not be in the state, and the state may be locked. Start again; if the state is locked, ` +
      `Terraform shows the lock's ID: \`${unlock(call)} ID\` releases it`
    );
  }
  const text = plain(stderr);
  for (const [pattern, advice] of ADVICE) {
    const match = pattern.exec(text);
    if (match !== null) return advice(call, match);
  }
  return null;
}

// --- internal ---

function unlock({ binary, folder }: Pick<TerraformCall, "binary" | "folder">): string {
  return `${binary} -chdir=${folder} force-unlock`;
}

/** Removes colours, and the frame that Terraform draws around its messages. */
function plain(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a colour begins with one
  return text.replace(/\u001b\[[\d;]*m/g, "").replace(/^[│╷╵] ?/gm, "");
}
