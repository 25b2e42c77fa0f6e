import { join } from "node:path";
import { containerParts, EFS_FOLDER } from "../../../../src/local/batch/container-parts";

test("reads GPUs, Linux parameters and secrets", () => {
  const parts = containerParts({
    resourceRequirements: [
      { type: "VCPU", value: "4" },
      { type: "GPU", value: "2" },
    ],
    linuxParameters: { initProcessEnabled: true, sharedMemorySize: 256 },
    secrets: [{ name: "TOKEN", valueFrom: "arn:aws:ssm:eu-west-1:000000000000:parameter/token" }],
  });
  expect(parts).toEqual({
    gpus: 2,
    sharedMemoryMiB: 256,
    initProcess: true,
    secrets: { TOKEN: "arn:aws:ssm:eu-west-1:000000000000:parameter/token" },
    mounts: [],
  });
});

test("a file system is a folder here, and an access point another", () => {
  const { mounts } = containerParts({
    volumes: [
      { name: "one", efsVolumeConfiguration: { fileSystemId: "fs-1" } },
      {
        name: "two",
        efsVolumeConfiguration: {
          fileSystemId: "fs-1",
          authorizationConfig: { accessPointId: "fsap-2", iam: "ENABLED" },
        },
      },
      { name: "docker", host: { sourcePath: "/var" } },
    ],
    mountPoints: [
      { sourceVolume: "one", containerPath: "/models", readOnly: true },
      { sourceVolume: "two", containerPath: "/scratch" },
      { sourceVolume: "docker", containerPath: "/var" },
    ],
  });
  expect(mounts).toEqual([
    { host: join(EFS_FOLDER, "fs-1"), container: "/models", readOnly: true },
    { host: join(EFS_FOLDER, "fsap-2"), container: "/scratch", readOnly: false },
  ]);
});

test("a job that asks for nothing gets nothing", () => {
  expect(containerParts({})).toEqual({
    gpus: 0,
    sharedMemoryMiB: null,
    initProcess: false,
    secrets: {},
    mounts: [],
  });
});
