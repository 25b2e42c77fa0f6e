/** Settings that change everything that can be changed, as far as one configuration can. */
import type { IamStatement } from "../src/project/settings-types";
import { CONTEXT } from "./example";

const STATEMENT: IamStatement = { Effect: "Allow", Action: "s3:GetObject", Resource: "arn:${Partition}:s3:::other/*" };

/** The context that its cdktf.json would contain. */
export const EVERYTHING = {
  ...CONTEXT,
  document: "__tests__/fixtures/everything.asl.json",
  compute: ["FARGATE_SPOT", "FARGATE"],
  network: "create",
  tracing: true,
  data: "create",
  schedule: { expression: "cron(0 6 * * ? *)", timeZone: "Europe/Berlin", input: "scripts/demo/echo.input.json" },
  onObject: "in/",
  notify: ["somebody@example.com", "arn:aws:sns:eu-west-1:123456789012:on-call"],
  statements: [{ ...STATEMENT, Sid: "Other" }],
  jobs: {
    echo: {
      ...CONTEXT.jobs.echo,
      environment: { LEVEL: "debug" },
      secrets: {
        DB_PASSWORD: "arn:${Partition}:secretsmanager:${Region}:${AccountId}:secret:prod/db-AbCdEf:password::",
        LICENSE: "arn:${Partition}:ssm:${Region}:${AccountId}:parameter/prod/license",
      },
      statements: [STATEMENT],
      ephemeralStorageGiB: 50,
      user: "1000:1000",
      initProcess: true,
      tags: { team: "bio" },
      efs: {
        "/ref": { fileSystem: "fs-0123456789abcdef0", accessPoint: "fsap-0123456789abcdef0", readOnly: true },
        "/work": "fs-0fedcba9876543210",
      },
      exec: true,
    },
    train: {
      ...{ vcpus: 4, memoryMiB: 16_384, timeoutSeconds: 3600, attempts: 3 },
      imageUri: "123456789012.dkr.ecr.eu-west-1.amazonaws.com/tools/train:1.2",
      compute: ["SPOT", "EC2"],
      instanceTypes: ["g5"],
      gpus: 1,
      sharedMemoryMiB: 1024,
      readonlyRootFilesystem: true,
    },
  },
};
