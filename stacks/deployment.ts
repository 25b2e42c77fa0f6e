import { join } from "node:path";
import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { DataAwsPartition } from "@cdktf/provider-aws/lib/data-aws-partition";
import { DataAwsRegion } from "@cdktf/provider-aws/lib/data-aws-region";
import { Construct } from "constructs";
import { UsageError } from "../src/base/errors";
import { imageFolderProblem } from "../src/base/image-folder";
import { contentHash } from "../src/project/content-hash";
import { type FolderImage, folderImage } from "../src/project/job-images";
import { dataBucketOf, resourceName } from "../src/project/names";
import { PROJECT_FOLDER } from "../src/project/project-folder";
import type { Architecture, Settings } from "../src/project/settings-types";

/** Names that Docker has for the processors of AWS. */
const PLATFORMS: Readonly<Record<Architecture, string>> = { X86_64: "linux/amd64", ARM64: "linux/arm64" };

/** An image that the deployment builds. */
export interface BuiltImage {
  /** The hash of the build context, which is the tag of the image. */
  readonly hash: string;
  readonly uri: string;
  /** Platform that the image is built for: that of its Batch jobs, not that of the machine that builds. */
  readonly platform: string;
}

/**
 * The target of a deployment, and the URIs of its images. The stacks build the same URI from strings, and neither reads the state of
 * the other. So you can plan the workflow before an image is pushed, and without a Docker engine.
 */
export class Deployment extends Construct {
  readonly accountId: string;
  readonly partition: string;
  readonly region: string;
  /** Name of the bucket for data; `null` if there is none. */
  readonly dataBucket: string | null;
  private readonly registry: string;
  private readonly settings: Settings;

  constructor(scope: Construct, id: string, settings: Settings) {
    super(scope, id);
    this.settings = settings;
    this.accountId = new DataAwsCallerIdentity(this, "caller").accountId;
    const partition = new DataAwsPartition(this, "partition");
    this.partition = partition.partition;
    this.region = new DataAwsRegion(this, "region").region;
    this.dataBucket = dataBucketOf(settings, this.accountId);
    this.registry = `${this.accountId}.dkr.ecr.${this.region}.${partition.dnsSuffix}`;
  }

  /** Returns the ARN of a rule of EventBridge. The role of the rule needs it before the rule exists. */
  ruleArn(name: string): string {
    return `arn:${this.partition}:events:${this.region}:${this.accountId}:rule/${name}`;
  }

  /** Returns the URI of the image of a job: a ready one, or the one that is built. */
  imageUri(jobName: string): string {
    const image = folderImage(this.settings, jobName);
    return image === null ? this.settings.jobs[jobName]!.imageUri! : this.image(image).uri;
  }

  /**
   * Returns an image to build, with the hash of its build context as its tag. Reads the whole build context.
   * @throws UsageError when the folder cannot be a build context
   */
  image({ owner, folder, architecture }: FolderImage): BuiltImage {
    const problem = imageFolderProblem(PROJECT_FOLDER, folder);
    if (problem !== null) {
      throw new UsageError(
        `\`jobs.${owner}.image\` must be ${problem.rule}, got: "${folder}"; set it in the context of cdktf.json`,
      );
    }
    const platform = PLATFORMS[architecture];
    const hash = contentHash(join(PROJECT_FOLDER, folder), { platform });
    return { hash, uri: `${this.registry}/${resourceName(this.settings, owner)}:${hash}`, platform };
  }
}
