import { S3BucketNotification } from "@cdktf/provider-aws/lib/s3-bucket-notification";
import { Annotations, TerraformOutput, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { dataBucketName } from "../src/project/names";
import type { Settings } from "../src/project/settings-types";
import { keepState } from "./backend";
import { Deployment } from "./deployment";
import { addPrivateBucket } from "./private-bucket";
import { addAwsProvider } from "./providers";

/** Days that a replaced or deleted object can be restored. */
const RESTORABLE = { noncurrentDays: 30 };

/** The cdktf CLI prints this after each synth. In a destroy, it may lose the message with which Terraform refuses. */
const KEPT = "destroys keep the bucket for data and everything in it; `npx workflow destroy --data` destroys it";

/** The bucket for data. It outlives the other stacks: only `npx workflow destroy --data` destroys it. */
export class DataStack extends TerraformStack {
  /** @param isDestroyable true if Terraform may destroy the bucket. Otherwise it refuses every plan that would. */
  constructor(scope: Construct, id: string, settings: Settings, isDestroyable = false) {
    super(scope, id);
    keepState(this, settings);
    addAwsProvider(this, settings);

    const { accountId, partition } = new Deployment(this, "deployment", settings);
    const name = dataBucketName(settings, accountId, settings.region);
    const [bucket] = addPrivateBucket(this, "data", {
      name,
      arn: `arn:${partition}:s3:::${name}`,
      ruleId: "old-versions",
      oldVersions: RESTORABLE,
      preventDestroy: !isDestroyable,
    });
    if (settings.onObject !== null) {
      new S3BucketNotification(this, "notification", { bucket: bucket.id, eventbridge: true });
    }
    new TerraformOutput(this, "data-bucket", { value: name });
    if (!isDestroyable) Annotations.of(this).addInfo(KEPT);
  }
}
