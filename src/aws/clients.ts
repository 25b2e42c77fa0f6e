/** AWS's own clients. */
import { BatchClient } from "@aws-sdk/client-batch";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { SFNClient } from "@aws-sdk/client-sfn";
import { STSClient } from "@aws-sdk/client-sts";

export interface AwsClients {
  readonly sfn: SFNClient;
  readonly batch: BatchClient;
  readonly logs: CloudWatchLogsClient;
  readonly sts: STSClient;
}

/** The time limits of a request. The client aborts and repeats a request that hangs. */
const TIMEOUTS = {
  connectionTimeout: 5000,
  // The time until the answer begins.
  requestTimeout: 20_000,
  throwOnRequestTimeout: true,
  // The time between two pieces of the answer.
  socketTimeout: 20_000,
};

export function connect(region: string): AwsClients {
  const configuration = clientConfiguration(region);
  return {
    sfn: new SFNClient(configuration),
    batch: new BatchClient(configuration),
    logs: new CloudWatchLogsClient(configuration),
    sts: new STSClient(configuration),
  };
}

/** Returns the configuration of every client. */
export function clientConfiguration(region: string) {
  // The clients warn that later versions drop Node 20. The user cannot act on that.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";
  // Adaptive: all programs of an account share its request rate, so a refusal slows the next calls, too.
  // Six attempts last about ten seconds if AWS throttles, and three seconds without a network.
  return { region, maxAttempts: 6, retryMode: "adaptive", requestHandler: TIMEOUTS };
}
