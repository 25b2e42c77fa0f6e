/** The rights of AWS Batch. @see https://docs.aws.amazon.com/step-functions/latest/dg/connect-batch.html */
import { arnOf } from "./arn-template";
import { grant, hearOf, ofRun, type Right } from "./right";
import type { ServiceRequest } from "./service-request";

export function submitJob(request: ServiceRequest): Right[] {
  const definition = arnOf(request.text("JobDefinition"), "batch", "job-definition/").replace(/:\d+$/, "");
  const resources = [
    arnOf(request.text("JobQueue"), "batch", "job-queue/"),
    // Batch checks the permission on the definition without a revision if a job names none, and otherwise on the revision.
    ...(definition.endsWith("*") ? [definition] : [definition, `${definition}:*`]),
  ];
  const open = ["JobQueue", "JobDefinition"]
    // Another rule of the check reports a parameter that is missing.
    .filter((name) => request.text(name) === null && request.isOfRun(name))
    .map(ofRun);
  const submit = { ...grant("SubmitJobs", ["batch:SubmitJob"], resources), open };
  if (!request.has("Tags")) return [submit];
  // A job with tags needs this permission on the job, the definition and the queue.
  return [submit, grant("TagJobs", ["batch:TagResource"], [...resources, ANY_JOB])];
}

export function waitForJob(): Right[] {
  return [
    // Batch does not scope the description of jobs, and a job's ARN is not known before it is submitted.
    grant("DescribeJobs", ["batch:DescribeJobs"], ["*"]),
    grant("TerminateJobs", ["batch:TerminateJob"], [ANY_JOB]),
    hearOf("StepFunctionsGetEventsForBatchJobsRule"),
  ];
}

// --- internal ---

const ANY_JOB = arnOf("*", "batch", "job/");
