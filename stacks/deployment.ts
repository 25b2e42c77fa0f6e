import { join } from "node:path";
import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { DataAwsPartition } from "@cdktf/provider-aws/lib/data-aws-partition";
import { DataAwsRegion } from "@cdktf/provider-aws/lib/data-aws-region";
import { Construct } from "constructs";
import { UsageError } from "../src/base/errors";
import { imageFolderProblem } from "../src/base/image-folder";
import { contentHash } from "../src/project/content-hash";
import { dataBucketOf, resourceName } from "../src/project/names";
import { PROJECT_FOLDER } from "../src/project/project-folder";
import type { Settings } from "../src/project/settings-types";

/** Names that Docker has for the processors of AWS. */
const PLATFORMS: Readonly<Record<Settings["architecture"], string>> = { X86_64: "linux/amd64", ARM64: "linux/arm64" };

/**
 * The target of a deployment, and the URIs of its images. The stacks build the same URI from strings, and neither reads the state of
 * the other. So you can plan the workflow before an image is pushed, and without a Docker engine.
 */
export class Deployment extends Construct {
  readonly accountId: string;
  readonly partition: string;
  readonly region: string;
  /** Platform that images are built for: that of the Batch jobs, not that of the machine that builds. */
  readonly platform: string;
  /** Name of the bucket for data; `null` if there is none. */
  readonly dataBucket: string | null;
  private readonly registry: string;
  private readonly settings: Settings;

  constructor(scope: Construct, id: string, settings: Settings) {
    super(scope, id);
    this.settings = settings;
    this.platform = PLATFORMS[settings.architecture];
    this.accountId = new DataAwsCallerIdentity(this, "caller").accountId;
    const partition = new DataAwsPartition(this, "partition");
    this.partition = partition.partition;
    this.region = new DataAwsRegion(this, "region").region;
    this.dataBucket = dataBucketOf(settings, this.accountId);
    this.registry = `${this.accountId}.dkr.ecr.${this.region}.${partition.dnsSuffix}`;
  }

  /**
   * Returns the image of a job: the hash of its build context, and the URI with this hash as its tag. Reads the whole build context.
   * @throws UsageError when the folder cannot be a build context
   */
  image(jobName: string): { readonly uri: string; readonly hash: string } {
    const image = this.settings.jobs[jobName]!.image!;
    const problem = imageFolderProblem(PROJECT_FOLDER, image);
    if (problem !== null) {
      throw new UsageError(
        `\`jobs.${jobName}.image\` must be ${problem.rule}, got: "${image}"; set it in the context of cdktf.json`,
      );
    }
    const hash = contentHash(join(PROJECT_FOLDER, image), { platform: this.platform });
    return { uri: `${this.registry}/${resourceName(this.settings, jobName)}:${hash}`, hash };
  }
}
