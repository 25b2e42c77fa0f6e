import { DescribeSubnetsCommand, EC2Client } from "@aws-sdk/client-ec2";
import type { Settings } from "../../src/project/settings-types";
import { clientConfiguration, REGION } from "./environment";
import type { Project } from "./project";

/** The resources that exist before a deployment. */
export interface Surroundings {
  readonly vpcId: string;
  readonly subnetIds: readonly string[];
  readonly bucket: string;
}

/** A way to set up the project. */
export interface Configuration {
  readonly title: string;
  /** The environment variables, by setting. */
  readonly settings?: (surroundings: Surroundings) => Partial<Record<keyof Settings, string>>;
  /** Adds a second job with its own image. */
  readonly twoJobs?: true;
  /** Adds a schedule, and a schema that accepts the events of S3. */
  readonly triggered?: true;
  /** The tests deploy it. Otherwise they only plan it. */
  readonly deployed?: true;
  /** The state is in HCP Terraform, which the tests cannot reach. */
  readonly remoteState?: true;
}

export const DEFAULT: Configuration = { title: "the default", deployed: true };

export const TRIGGERS_AND_NETWORK: Configuration = {
  title: "EC2 in a network of its own, with triggers and messages",
  settings: ({ bucket }) => ({
    compute: "EC2",
    instanceTypes: "m5.large,c5",
    network: "create",
    data: bucket,
    onObject: "in/",
    notify: "somebody@example.com",
    maxVcpus: "4",
  }),
  triggered: true,
  deployed: true,
};

export const SPOT_AND_S3: Configuration = {
  title: "SPOT in a given VPC, state in S3",
  settings: ({ vpcId, subnetIds, bucket }) => ({
    compute: "SPOT",
    network: vpcId,
    subnets: subnetIds.join(","),
    backend: "s3",
    stateBucket: bucket,
    stateRegion: "us-east-1",
    logRetentionDays: "7",
  }),
  deployed: true,
};

/** Together, these configurations change every setting from its default. */
export const CONFIGURATIONS: readonly Configuration[] = [
  DEFAULT,
  TRIGGERS_AND_NETWORK,
  SPOT_AND_S3,
  {
    title: "FARGATE with two jobs, tracing and a permissions boundary",
    settings: () => ({
      compute: "FARGATE",
      document: "workflow/two-jobs.asl.json",
      tracing: "true",
      permissionsBoundary: "arn:aws:iam::aws:policy/PowerUserAccess",
    }),
    twoJobs: true,
    deployed: true,
  },
  { title: "ARM64 on Fargate", settings: () => ({ architecture: "ARM64", compute: "FARGATE" }) },
  { title: "ARM64 on instances", settings: () => ({ architecture: "ARM64", compute: "EC2" }) },
  {
    title: "immutable tags, few images and no public addresses, in another region",
    settings: () => ({
      name: "another-name",
      region: "us-east-1",
      imageTagMutability: "IMMUTABLE",
      keptImages: "3",
      stuckJobSeconds: "600",
      assignPublicIp: "false",
    }),
  },
  {
    title: "state in HCP Terraform",
    settings: () => ({
      backend: "cloud",
      cloudOrganization: "an-organization",
      cloudHostname: "terraform.example.com",
    }),
    remoteState: true,
  },
];

/** Invented values that are enough for a synth. */
export const IMAGINED: Surroundings = { vpcId: "vpc-0", subnetIds: ["subnet-0"], bucket: "a-bucket" };

/** Returns the default VPC of the account. */
export async function findSurroundings(bucket: string): Promise<Surroundings> {
  const ec2 = new EC2Client(clientConfiguration(REGION));
  const { Subnets } = await ec2.send(
    new DescribeSubnetsCommand({ Filters: [{ Name: "default-for-az", Values: ["true"] }] }),
  );
  return { vpcId: Subnets![0]!.VpcId!, subnetIds: Subnets!.map(({ SubnetId }) => SubnetId!), bucket };
}

/** Applies a configuration to a project. */
export function configure(project: Project, configuration: Configuration, surroundings: Surroundings): void {
  project.set(configuration.settings?.(surroundings) ?? {});
  if (configuration.triggered) {
    const cdktf = JSON.parse(project.read("cdktf.json"));
    cdktf.context.schedule = { expression: "rate(1 day)", timeZone: "Asia/Tokyo", input: "workflow/echo.input.json" };
    project.write("cdktf.json", JSON.stringify(cdktf));
    project.write("workflow/echo.input.schema.json", "{}");
  }
  if (configuration.twoJobs) {
    addShoutingJob(project);
    addOwnValues(project, "workflow/two-jobs.asl.json");
  }
}

/** Gives the document a placeholder of its own, numbers with many digits and text that looks like a template. */
function addOwnValues(project: Project, path: string): void {
  const cdktf = JSON.parse(project.read("cdktf.json"));
  cdktf.context.substitutions = { Note: 'a "note" for ${Region}, 100 %{ $' };
  cdktf.context.statements = [
    {
      Sid: "ReadHomes",
      Effect: "Allow",
      Action: "s3:GetObject",
      Resource: "arn:${Partition}:s3:::homes/${aws:username}/*",
      Condition: { Bool: { "aws:SecureTransport": true } },
    },
  ];
  project.write("cdktf.json", JSON.stringify(cdktf));
  const document = JSON.parse(project.read(path));
  const note = ["${Note}${Region} ${!HOME} %{x}", "digits"];
  document.States.Note = { Type: "Pass", Assign: { note }, Next: document.StartAt };
  document.StartAt = "Note";
  project.write(path, JSON.stringify(document, null, 2).replace('"digits"', "9007199254740993, 1.0"));
}

/** Adds a second job and uses it in `step3`. Its image prints `shout` before each parameter. */
function addShoutingJob(project: Project): void {
  project.copy("image", "shout-image");
  project.edit("shout-image/echo.sh", "printf '%s\\n'", "printf 'shout %s\\n'");
  const cdktf = JSON.parse(project.read("cdktf.json"));
  cdktf.context.jobs.shout = { ...cdktf.context.jobs.echo, image: "shout-image", localCommand: null };
  project.write("cdktf.json", JSON.stringify(cdktf));

  for (const suffix of [".asl.json", ".input.json", ".input.schema.json"]) {
    project.copy(`workflow/echo${suffix}`, `workflow/two-jobs${suffix}`);
  }
  const document = JSON.parse(project.read("workflow/two-jobs.asl.json"));
  document.States.step3.ItemProcessor.States.step3_job.Arguments.JobDefinition = "${ShoutJobDefinitionArn}";
  project.write("workflow/two-jobs.asl.json", JSON.stringify(document, null, 2));
}
