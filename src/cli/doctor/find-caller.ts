import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { connect } from "../../aws/clients";
import { explained } from "../../aws/failures";
import type { Question } from "./question";

/** Returns the account and the ARN of the caller. */
export async function findCaller({ settings, signal }: Question) {
  const { sts } = connect(settings.region);
  const { Account, Arn } = await explained(sts.send(new GetCallerIdentityCommand({}), { abortSignal: signal }));
  return { account: Account!, arn: Arn! };
}
