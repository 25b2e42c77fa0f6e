/**
 * Creates the first compute environment in the account of the emulator, and deletes it. Batch makes its service-linked role for it, and
 * the emulator refuses to make the role twice when the first two environments come at the same time.
 */
import {
  BatchClient,
  CreateComputeEnvironmentCommand,
  DeleteComputeEnvironmentCommand,
  UpdateComputeEnvironmentCommand,
} from "@aws-sdk/client-batch";
import { clientConfiguration, REGION, testEnvironment } from "./environment";

export default async function prepareEmulator(): Promise<void> {
  if (!testEnvironment().AWS_ENDPOINT_URL) return;
  const client = new BatchClient(clientConfiguration(REGION));
  const computeEnvironment = "first";
  try {
    await client.send(
      new CreateComputeEnvironmentCommand({ computeEnvironmentName: computeEnvironment, type: "UNMANAGED" }),
    );
    await client.send(new UpdateComputeEnvironmentCommand({ computeEnvironment, state: "DISABLED" }));
    await client.send(new DeleteComputeEnvironmentCommand({ computeEnvironment }));
  } finally {
    client.destroy();
  }
}
