import { EcrLifecyclePolicy } from "@cdktf/provider-aws/lib/ecr-lifecycle-policy";
import { EcrRepository } from "@cdktf/provider-aws/lib/ecr-repository";
import { Image } from "@cdktf/provider-docker/lib/image";
import { DockerProvider } from "@cdktf/provider-docker/lib/provider";
import { RegistryImage } from "@cdktf/provider-docker/lib/registry-image";
import { TerraformOutput, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { folderImages } from "../src/project/job-images";
import { resourceName } from "../src/project/names";
import type { Settings } from "../src/project/settings-types";
import { keepState } from "./backend";
import { Deployment } from "./deployment";
import { addAwsProvider, pinProvider } from "./providers";

/** An ECR repository for each image folder, and its image, built and pushed. */
export class ImageStack extends TerraformStack {
  constructor(scope: Construct, id: string, settings: Settings) {
    super(scope, id);
    keepState(this, settings);
    addAwsProvider(this, settings);
    const deployment = new Deployment(this, "deployment", settings);
    const images = folderImages(settings);
    if (images.length > 0) addDockerProvider(this);
    for (const folderImage of images) {
      const { owner: jobName, folder } = folderImage;
      const repository = new EcrRepository(this, `${jobName}-repository`, {
        name: resourceName(settings, jobName),
        imageTagMutability: settings.imageTagMutability,
        imageScanningConfiguration: { scanOnPush: true },
        forceDelete: true,
      });
      new EcrLifecyclePolicy(this, `${jobName}-lifecycle`, {
        repository: repository.name,
        policy: lifecyclePolicy(settings.keptImages),
      });
      const { uri, hash, platform } = deployment.image(folderImage);
      const triggers = { content: hash };
      const image = new Image(this, `${jobName}-image`, {
        name: uri,
        // Relative to where Terraform runs, cdktf.out/stacks/<stack>: the same in every checkout.
        buildAttribute: { context: `../../../${folder}`, platform },
        triggers,
        keepLocally: true,
      });
      new RegistryImage(this, `${jobName}-push`, {
        name: image.name,
        triggers,
        keepRemotely: true,
        dependsOn: [repository],
      });
      new TerraformOutput(this, `${jobName}-repository-url`, { value: repository.repositoryUrl });
      new TerraformOutput(this, `${jobName}-image-uri`, { value: uri });
    }
  }
}

/** Adds the Docker provider. Its registry credentials come from an ephemeral resource, so they are in no state and in no plan. */
function addDockerProvider(stack: TerraformStack): void {
  const token = "ephemeral.aws_ecr_authorization_token.registry";
  // cdktf has no ephemeral resources yet.
  stack.addOverride(token, {});
  new DockerProvider(stack, "docker", {
    registryAuth: [
      {
        address: `\${${token}.proxy_endpoint}`,
        username: `\${${token}.user_name}`,
        password: `\${${token}.password}`,
      },
    ],
  });
  pinProvider(stack, "docker");
}

function lifecyclePolicy(keptImages: number): string {
  const expire = (rulePriority: number, description: string, selection: Record<string, unknown>) => ({
    rulePriority,
    description,
    selection,
    action: { type: "expire" },
  });
  return JSON.stringify({
    rules: [
      expire(1, "untagged images go after a day", {
        tagStatus: "untagged",
        countType: "sinceImagePushed",
        countUnit: "days",
        countNumber: 1,
      }),
      expire(2, `the newest ${keptImages} images stay`, {
        tagStatus: "any",
        countType: "imageCountMoreThan",
        countNumber: keptImages,
      }),
    ],
  });
}
