/**
 * The optimized integrations of Step Functions, with the rights that they need beyond those of their API action.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/integrate-optimized.html
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/service-integration-iam-templates.html
 */
import { readQueryResults, runQuery } from "./athena-rights";
import { submitJob, waitForJob } from "./batch-rights";
import { hearOf, type Right, take } from "./right";
import type { ServiceRequest } from "./service-request";
import * as special from "./special-rights";

/** An optimized integration. */
export interface OptimizedTask {
  /** The rights of the call. @default the IAM action with the name of the API action */
  readonly call?: (request: ServiceRequest) => readonly Right[];
  /** The rights to wait for the job with `.sync`. @default the integration has no `.sync` */
  readonly wait?: (request: ServiceRequest) => readonly Right[];
  /** True if the integration has `.sync:2`. */
  readonly hasSync2?: boolean;
  /** True if the integration has `.waitForTaskToken`. */
  readonly hasToken?: boolean;
}

/** The integrations, as they stand behind `states:::`. */
export const OPTIMIZED_TASKS: Readonly<Record<string, OptimizedTask>> = {
  "apigateway:invoke": { call: special.invokeApi, hasToken: true },

  "athena:getQueryExecution": {},
  "athena:getQueryResults": { call: readQueryResults },
  "athena:startQueryExecution": {
    call: runQuery,
    wait: waiting("athena", "GetQueryExecution StopQueryExecution"),
  },
  "athena:stopQueryExecution": {},

  "batch:submitJob": { call: submitJob, wait: waitForJob },

  "bedrock:createModelCustomizationJob": { wait: special.waitForCustomization },
  "bedrock:invokeModel": { call: special.invokeModel, hasToken: true },

  "codebuild:batchDeleteBuilds": {},
  "codebuild:batchGetReports": {},
  "codebuild:deleteBuildBatch": {},
  "codebuild:retryBuildBatch": {
    wait: waiting(
      "codebuild",
      "StopBuildBatch BatchGetBuildBatches",
      "StepFunctionsGetEventForCodeBuildStartBuildBatchRule",
    ),
  },
  "codebuild:startBuild": {
    wait: waiting(
      "codebuild",
      "StopBuild BatchGetBuilds BatchGetReports",
      "StepFunctionsGetEventForCodeBuildStartBuildRule",
    ),
  },
  "codebuild:startBuildBatch": {
    wait: waiting(
      "codebuild",
      "StopBuildBatch BatchGetBuildBatches",
      "StepFunctionsGetEventForCodeBuildStartBuildBatchRule",
    ),
  },
  "codebuild:stopBuild": {},
  "codebuild:stopBuildBatch": {},

  "databrew:startJobRun": { wait: waiting("databrew", "ListJobRuns StopJobRun") },

  "dynamodb:deleteItem": {},
  "dynamodb:getItem": {},
  "dynamodb:putItem": {},
  "dynamodb:updateItem": {},

  "ecs:runTask": { call: special.runTask, wait: special.waitForTask, hasToken: true },

  // The cluster's own access control decides on calls to Kubernetes.
  "eks:call": { call: () => [] },
  "eks:createCluster": { wait: waiting("eks", "DescribeCluster DeleteCluster") },
  "eks:createFargateProfile": { wait: waiting("eks", "DescribeFargateProfile DeleteFargateProfile") },
  "eks:createNodegroup": { wait: waiting("eks", "DescribeNodegroup DeleteNodegroup") },
  "eks:deleteCluster": { wait: waiting("eks", "DescribeCluster") },
  "eks:deleteFargateProfile": { wait: waiting("eks", "DescribeFargateProfile") },
  "eks:deleteNodegroup": { wait: waiting("eks", "DescribeNodegroup") },
  "eks:runJob": { call: () => [], wait: () => [], hasToken: true },

  "elasticmapreduce:addStep": {
    call: calling("elasticmapreduce:AddJobFlowSteps"),
    wait: waiting("elasticmapreduce", "DescribeStep CancelSteps", "StepFunctionsGetEventForEMRAddJobFlowStepsRule"),
  },
  "elasticmapreduce:cancelStep": { call: calling("elasticmapreduce:CancelSteps") },
  "elasticmapreduce:createCluster": {
    call: special.createEmrCluster,
    wait: waiting("elasticmapreduce", "DescribeCluster TerminateJobFlows", "StepFunctionsGetEventForEMRRunJobFlowRule"),
  },
  "elasticmapreduce:modifyInstanceFleetByName": {
    call: calling("elasticmapreduce:ModifyInstanceFleet", "elasticmapreduce:ListInstanceFleets"),
  },
  "elasticmapreduce:modifyInstanceGroupByName": {
    call: calling("elasticmapreduce:ModifyInstanceGroups", "elasticmapreduce:ListInstanceGroups"),
  },
  "elasticmapreduce:setClusterTerminationProtection": { call: calling("elasticmapreduce:SetTerminationProtection") },
  "elasticmapreduce:terminateCluster": {
    call: calling("elasticmapreduce:TerminateJobFlows"),
    wait: waiting("elasticmapreduce", "DescribeCluster", "StepFunctionsGetEventForEMRTerminateJobFlowsRule"),
  },

  "emr-containers:createVirtualCluster": { call: special.createVirtualCluster },
  "emr-containers:deleteVirtualCluster": { wait: waiting("emr-containers", "DescribeVirtualCluster") },
  "emr-containers:startJobRun": {
    call: special.startContainerJob,
    wait: waiting("emr-containers", "DescribeJobRun CancelJobRun"),
  },

  "emr-serverless:cancelJobRun": {
    wait: waiting("emr-serverless", "GetJobRun", "StepFunctionsGetEventsForEMRServerlessJobRule"),
  },
  "emr-serverless:createApplication": {
    call: special.createServerlessApplication,
    wait: waiting(
      "emr-serverless",
      "GetApplication DeleteApplication",
      "StepFunctionsGetEventsForEMRServerlessApplicationRule",
    ),
  },
  "emr-serverless:deleteApplication": {
    wait: waiting("emr-serverless", "GetApplication", "StepFunctionsGetEventsForEMRServerlessApplicationRule"),
  },
  "emr-serverless:startApplication": {
    wait: waiting(
      "emr-serverless",
      "GetApplication StopApplication",
      "StepFunctionsGetEventsForEMRServerlessApplicationRule",
    ),
  },
  "emr-serverless:startJobRun": {
    wait: waiting("emr-serverless", "GetJobRun CancelJobRun", "StepFunctionsGetEventsForEMRServerlessJobRule"),
  },
  "emr-serverless:stopApplication": {
    wait: waiting("emr-serverless", "GetApplication", "StepFunctionsGetEventsForEMRServerlessApplicationRule"),
  },

  "events:putEvents": { call: special.putEvents, hasToken: true },

  "glue:startJobRun": { wait: waiting("glue", "GetJobRun GetJobRuns BatchStopJobRun") },

  "http:invoke": { call: special.invokeHttp },

  "lambda:invoke": { call: calling("lambda:InvokeFunction"), hasToken: true },

  "mediaconvert:createJob": {
    call: special.createMediaJob,
    wait: waiting("mediaconvert", "GetJob CancelJob", "StepFunctionsGetEventsForMediaConvertJobRule"),
  },

  "sagemaker:createEndpoint": { call: special.sagemaker("CreateEndpoint") },
  "sagemaker:createEndpointConfig": { call: special.sagemaker("CreateEndpointConfig") },
  "sagemaker:createHyperParameterTuningJob": {
    call: special.sagemaker("CreateHyperParameterTuningJob"),
    wait: waiting(
      "sagemaker",
      "DescribeHyperParameterTuningJob StopHyperParameterTuningJob",
      "StepFunctionsGetEventsForSageMakerHyperParameterTuningJobsRule",
    ),
  },
  "sagemaker:createLabelingJob": {
    call: special.sagemaker("CreateLabelingJob"),
    wait: waiting(
      "sagemaker",
      "DescribeLabelingJob StopLabelingJob",
      "StepFunctionsGetEventsForSageMakerLabelingJobsRule",
    ),
  },
  "sagemaker:createModel": { call: special.sagemaker("CreateModel") },
  "sagemaker:createProcessingJob": {
    call: special.sagemaker("CreateProcessingJob"),
    wait: waiting(
      "sagemaker",
      "DescribeProcessingJob StopProcessingJob",
      "StepFunctionsGetEventsForSageMakerProcessingJobsRule",
    ),
  },
  "sagemaker:createTrainingJob": {
    call: special.sagemaker("CreateTrainingJob"),
    wait: waiting(
      "sagemaker",
      "DescribeTrainingJob StopTrainingJob",
      "StepFunctionsGetEventsForSageMakerTrainingJobsRule",
    ),
  },
  "sagemaker:createTransformJob": {
    call: special.sagemaker("CreateTransformJob"),
    wait: waiting(
      "sagemaker",
      "DescribeTransformJob StopTransformJob",
      "StepFunctionsGetEventsForSageMakerTransformJobsRule",
    ),
  },
  "sagemaker:updateEndpoint": { call: special.sagemaker("UpdateEndpoint") },

  "sns:publish": { call: special.publish, hasToken: true },

  "sqs:sendMessage": { hasToken: true },

  "states:startExecution": { wait: special.waitForExecution, hasSync2: true, hasToken: true },
};

/** Returns the integrations with their patterns, such as `batch:submitJob.sync`. */
export function optimizedNames(): string[] {
  return Object.entries(OPTIMIZED_TASKS)
    .flatMap(([name, task]) => patternsOf(task).map((pattern) => name + pattern))
    .sort();
}

/** Returns the patterns of an integration. `""` is the response of the request. */
export function patternsOf({ wait, hasSync2 = false, hasToken = false }: OptimizedTask): string[] {
  return ["", ...(wait ? [".sync"] : []), ...(hasSync2 ? [".sync:2"] : []), ...(hasToken ? [".waitForTaskToken"] : [])];
}

// --- internal ---

/** Returns rules that take more actions of the request, and hear of the end of the job by a rule of EventBridge. */
function waiting(service: string, actions: string, rule?: string): (request: ServiceRequest) => Right[] {
  const names = actions.split(" ").map((action) => `${service}:${action}`);
  return (request) => [...take(names, request), ...(rule === undefined ? [] : [hearOf(rule)])];
}

function calling(...actions: string[]): (request: ServiceRequest) => Right[] {
  return (request) => take(actions, request);
}
