import { join } from "node:path";
import { isoSeconds } from "../../base/clock";
import { UsageError } from "../../base/errors";
import { printable } from "../../base/terminal-text";
import { quote } from "../../base/text";
import type { DataBucket } from "../data/places";
import { defineCommand, required, toggle, words } from "../define-command";
import { printJson } from "../printing";
import type { Session } from "../session";
import { untilInterrupted } from "../until-interrupted";

export const data = defineCommand({
  name: "data",
  description: "list, copy and delete the data of jobs",
  arguments: {
    action: required("ls, cp or rm"),
    names: words("ls [PREFIX], cp SOURCE TARGET or rm KEY; s3:KEY is an object, any other name a file"),
  },
  flags: {
    aws: toggle("the bucket of the deployment instead of the folder data/"),
    recursive: toggle("cp, rm: a whole folder"),
    json: toggle("ls: print the objects as one JSON document"),
  },
  epilogue: `
Examples:
  npx workflow data cp reads/ s3:in/ --recursive
  npx workflow data ls in/
  npx workflow data cp s3:out/result.json . --aws
  npx workflow data rm s3:in/ --recursive`,
  action: async ({ action, names, aws, recursive, json }, session) => {
    const act = Object.hasOwn(ACTIONS, action) ? ACTIONS[action as keyof typeof ACTIONS] : null;
    if (act === null) throw new UsageError(`the action must be ls, cp or rm, got: ${quote(action)}`);
    const [fewest, most, usage] = act.names;
    if (names.length < fewest || names.length > most) {
      throw new UsageError(
        `\`workflow data ${action}\` takes ${usage}, got: ${names.map((name) => quote(name)).join(" ") || "nothing"}`,
      );
    }
    return untilInterrupted(
      session,
      async (signal) => {
        const bucket = aws ? await deployedBucket(signal, session) : await folder(session);
        await explained(act.run(names, bucket, { recursive, json }, signal, session));
        return 0;
      },
      () => {
        session.stderr.write("stopped\n");
        return 1;
      },
    );
  },
});

interface Flags {
  readonly recursive: boolean;
  readonly json: boolean;
}

interface DataAction {
  /** The fewest and the most names, and the names in words. */
  readonly names: readonly [number, number, string];
  run(names: readonly string[], bucket: DataBucket, flags: Flags, signal: AbortSignal, session: Session): Promise<void>;
}

const ACTIONS: Readonly<Record<"ls" | "cp" | "rm", DataAction>> = {
  ls: {
    names: [0, 1, "at most one PREFIX"],
    run: async ([prefix = ""], bucket, { json }, _, session) => {
      const { keyOf } = await import("../data/places");
      const listed: { key: string; size: number; modifiedAt: string }[] = [];
      for await (const object of bucket.store.list(bucket.name ?? "", keyOf(prefix, bucket) ?? prefix)) {
        const { key, size } = object;
        const modifiedAt = isoSeconds(object.modifiedAt);
        if (json) listed.push({ key, size, modifiedAt });
        else session.stdout.write(`${modifiedAt} ${String(size).padStart(12)} ${printable(key, Infinity)}\n`);
      }
      if (json) printJson(session, listed);
    },
  },
  cp: {
    names: [2, 2, "SOURCE and TARGET"],
    run: async ([from = "", to = ""], bucket, { recursive }, signal, session) => {
      const { keyOf, sourceOf, targetOf } = await import("../data/places");
      const { copy } = await import("../data/transfer");
      if (keyOf(from, bucket) === null && keyOf(to, bucket) === null) {
        throw new UsageError(`SOURCE or TARGET must be s3:KEY, got: ${quote(from)} ${quote(to)}`);
      }
      const source = await sourceOf(from, bucket, recursive);
      await copy(source, await targetOf(to, bucket, source), signal, session);
    },
  },
  rm: {
    names: [1, 1, "one KEY"],
    run: async ([name = ""], bucket, { recursive }, signal, session) => {
      const { keyOf, sourceOf } = await import("../data/places");
      const { remove } = await import("../data/transfer");
      const key = keyOf(name, bucket) ?? name;
      await remove(await sourceOf(`s3:${key}`, bucket, recursive), signal, session);
    },
  },
};

/** Turns a failure of the folder into an expected error. */
async function explained(work: Promise<void>): Promise<void> {
  const { ObjectStoreError } = await import("../../local/data/object-store");
  return work.catch((error) => {
    if (!(error instanceof ObjectStoreError)) throw error;
    // The content came from AWS, and AWS failed.
    if (error.cause instanceof UsageError) throw error.cause;
    throw new UsageError(error.message, { cause: error });
  });
}

async function folder({ projectFolder }: Session): Promise<DataBucket> {
  const { dataFolder } = await import("../../local/data/data-folder");
  const { PROJECT_FOLDER } = await import("../../project/project-folder");
  return { store: dataFolder(join(projectFolder ?? PROJECT_FOLDER, "data")), name: null };
}

/** @throws UsageError if the deployment has no bucket */
async function deployedBucket(signal: AbortSignal, session: Session): Promise<DataBucket> {
  const { loadSettings } = await import("../../project/load-settings");
  const { accountIn, createsDataBucket, dataBucketOf } = await import("../../project/names");
  const settings = loadSettings(session.environment, session.context);
  if (settings.data === "none") {
    throw new UsageError(
      'the deployment has no bucket for data: set `data` in cdktf.json to "create", or to the name of a bucket',
    );
  }
  const aws = await session.loadAws();
  const arn = await aws.stateMachineArn(aws.connect(settings.region), settings);
  const accountId = accountIn(arn);
  const name = dataBucketOf(settings, accountId)!;
  const owner = createsDataBucket(settings) ? accountId : null;
  return { store: await aws.bucketStore({ name, region: settings.region, accountId: owner }, signal), name };
}
