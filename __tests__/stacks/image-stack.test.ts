import { UsageError } from "../../src/base/errors";
import type { JobSettings } from "../../src/project/settings-types";
import { ImageStack } from "../../stacks/image-stack";
import { IMAGE } from "../example";
import { inventory, only, settingsWith, synth } from "./stacks";

const stack = synth(ImageStack, settingsWith());

test("holds a repository, its lifecycle, and the image built and pushed", () => {
  expect(inventory(stack.resource)).toEqual({
    aws_ecr_repository: 1,
    aws_ecr_lifecycle_policy: 1,
    docker_image: 1,
    docker_registry_image: 1,
  });
});

test("the repository is scanned on push and can be destroyed with its images", () => {
  expect(only(stack.resource, "aws_ecr_repository")).toMatchObject({
    name: "echo_dev_echo",
    image_tag_mutability: "MUTABLE",
    image_scanning_configuration: { scan_on_push: true },
    force_delete: true,
  });
});

test("the image is built from a path that is the same in every checkout, and tagged and triggered by its content", () => {
  const image = only(stack.resource, "docker_image") as { name: string; triggers: { content: string } };
  expect(image).toMatchObject({
    build: { context: `../../../${IMAGE}`, platform: "linux/amd64" },
    keep_locally: true,
    triggers: { content: expect.stringMatching(/^[0-9a-f]{16}$/) },
  });
  expect(image.name).toMatch(new RegExp(`/echo_dev_echo:${image.triggers.content}$`));
  expect(only(stack.resource, "docker_registry_image")).toMatchObject({
    keep_remotely: true,
    triggers: image.triggers,
    depends_on: ["aws_ecr_repository.echo-repository"],
  });
});

test("registry credentials come from an ephemeral resource, which no state holds", () => {
  expect(stack.ephemeral).toEqual({ aws_ecr_authorization_token: { registry: {} } });
  expect(stack.provider.docker).toEqual([
    {
      registry_auth: [
        {
          address: "${ephemeral.aws_ecr_authorization_token.registry.proxy_endpoint}",
          username: "${ephemeral.aws_ecr_authorization_token.registry.user_name}",
          password: "${ephemeral.aws_ecr_authorization_token.registry.password}",
        },
      ],
    },
  ]);
  expect(JSON.stringify(stack.resource)).not.toContain("auth_config");
});

test("providers are pinned to the versions of their bindings, and state is kept by environment and stack", () => {
  expect(stack.terraform).toEqual({
    backend: { local: { path: "../../../state/echo/dev/stack.tfstate" } },
    required_providers: {
      aws: { source: "aws", version: "6.25.0" },
      docker: { source: "kreuzwerker/docker", version: "3.6.2" },
    },
  });
});

test("immutable tags, the images that are kept and the platform are settings", () => {
  const { resource } = synth(
    ImageStack,
    settingsWith({ imageTagMutability: "IMMUTABLE", keptImages: 3, architecture: "ARM64" }),
  );
  expect(only(resource, "aws_ecr_repository").image_tag_mutability).toBe("IMMUTABLE");
  const { policy } = only(resource, "aws_ecr_lifecycle_policy") as { policy: string };
  expect(JSON.parse(policy).rules.map(({ selection }: { selection: unknown }) => selection)).toEqual([
    { tagStatus: "untagged", countType: "sinceImagePushed", countUnit: "days", countNumber: 1 },
    { tagStatus: "any", countType: "imageCountMoreThan", countNumber: 3 },
  ]);
  expect(only(resource, "docker_image")).toMatchObject({ build: { platform: "linux/arm64" } });
});

test("outputs are the repository's URL and the image's URI, never a digest: that changes when nothing did", () => {
  expect(Object.keys(stack.output)).toEqual(["echo-image-uri", "echo-repository-url"]);
  expect(JSON.stringify(stack.output)).not.toContain("digest");
});

const READY = { ...settingsWith().jobs.echo!, image: null, imageUri: "public.ecr.aws/docker/library/alpine:3" };

function repositories(jobs: Readonly<Record<string, Partial<JobSettings>>>): unknown[] {
  const { echo } = settingsWith().jobs;
  const all = Object.fromEntries(Object.entries(jobs).map(([name, fields]) => [name, { ...echo!, ...fields }]));
  const { resource } = synth(ImageStack, settingsWith({ jobs: all }));
  return Object.values(resource?.aws_ecr_repository ?? {}).map(({ name }) => name);
}

test("jobs with the same folder share a repository, which the first job in the table names", () => {
  expect(repositories({ echo: {}, "train-model": { image: `./${IMAGE}/` } })).toEqual(["echo_dev_echo"]);
  expect(repositories({ "train-model": {}, echo: {} })).toEqual(["echo_dev_train-model"]);
});

test("another folder, and another architecture, has a repository of its own", () => {
  expect(repositories({ echo: {}, other: { image: "image" } })).toEqual(["echo_dev_echo", "echo_dev_other"]);
  expect(repositories({ echo: {}, arm: { architecture: "ARM64" }, arm2: { architecture: "ARM64" } })).toEqual([
    "echo_dev_arm",
    "echo_dev_echo",
  ]);
});

test("a ready image has no repository, and is not built", () => {
  expect(repositories({ echo: READY })).toEqual([]);
  const { terraform, ephemeral } = synth(ImageStack, settingsWith({ jobs: { echo: READY } }));
  expect(terraform.required_providers).not.toHaveProperty("docker");
  expect(ephemeral).toBeUndefined();
});

test("an image folder without a Dockerfile is an error of the settings", () => {
  const echo = { ...settingsWith().jobs.echo!, image: "nowhere" };
  expect(() => synth(ImageStack, settingsWith({ jobs: { echo } }))).toThrow(
    new UsageError(
      '`jobs.echo.image` must be a folder with a Dockerfile, got: "nowhere"; set it in the context of cdktf.json',
    ),
  );
});
