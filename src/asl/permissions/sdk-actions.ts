/**
 * The IAM actions of an API action. Most have its name. The others are in these tables, by service of the AWS SDK.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
import { iamPrefix } from "./sdk-services";
import { hasUnlistedAction } from "./unlisted-actions";

/** Returns the IAM actions of an API action such as `s3`, `listObjectsV2`; `null` if they are not known. */
export function iamActions(name: string, apiAction: string): string[] | null {
  const prefix = iamPrefix(name);
  if (prefix === null) return null;
  const service = name.replace(/service$/, "");
  const action = apiAction.charAt(0).toUpperCase() + apiAction.slice(1);
  if (hasUnlistedAction(service, action)) return null;
  const others = OTHER_NAMES[service]?.[action] ?? OTHER_NAMES[service]?.["*"] ?? byVerb(service, action);
  const names = others?.split(" ") ?? [action];
  return names.map((one) => (one.includes(":") ? one : `${prefix}:${one}`));
}

// --- internal ---

/** `*` stands for all other actions of a service. */
const OTHER_NAMES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  accessanalyzer: { GetFindingV2: "GetFinding", ListFindingsV2: "ListFindings" },
  apigatewaymanagementapi: { "*": "ManageConnections" },
  bedrockagentruntime: { RetrieveAndGenerateStream: "RetrieveAndGenerate" },
  bedrockruntime: {
    Converse: "InvokeModel",
    ConverseStream: "InvokeModelWithResponseStream",
    InvokeModelWithBidirectionalStream: "InvokeModel",
    StartAsyncInvoke: "InvokeModel",
  },
  cloudfront: { CreateDistributionWithTags: "CreateDistribution TagResource" },
  dynamodb: {
    BatchExecuteStatement: "PartiQLSelect PartiQLInsert PartiQLUpdate PartiQLDelete",
    ExecuteStatement: "PartiQLSelect PartiQLInsert PartiQLUpdate PartiQLDelete",
    ExecuteTransaction: "PartiQLSelect PartiQLInsert PartiQLUpdate PartiQLDelete",
    TransactGetItems: "GetItem",
    TransactWriteItems: "PutItem UpdateItem DeleteItem ConditionCheckItem",
  },
  glue: { BatchGetDataQualityResult: "GetDataQualityResult" },
  iotjobsdataplane: { StartCommandExecution: "iot:StartCommandExecution" },
  kms: { ReEncrypt: "ReEncryptFrom ReEncryptTo" },
  lambda: {
    GetLayerVersionByArn: "GetLayerVersion",
    Invoke: "InvokeFunction",
    InvokeWithResponseStream: "InvokeFunction",
  },
  redshiftdata: { GetStatementResultV2: "GetStatementResult" },
  s3: {
    CompleteMultipartUpload: "PutObject",
    CopyObject: "GetObject PutObject",
    CreateBucketMetadataConfiguration: "CreateBucketMetadataTableConfiguration",
    CreateMultipartUpload: "PutObject",
    CreateSession: "s3express:CreateSession",
    DeleteBucketAnalyticsConfiguration: "PutAnalyticsConfiguration",
    DeleteBucketCors: "PutBucketCORS",
    DeleteBucketEncryption: "PutEncryptionConfiguration",
    DeleteBucketIntelligentTieringConfiguration: "PutIntelligentTieringConfiguration",
    DeleteBucketInventoryConfiguration: "PutInventoryConfiguration",
    DeleteBucketLifecycle: "PutLifecycleConfiguration",
    DeleteBucketMetadataConfiguration: "DeleteBucketMetadataTableConfiguration",
    DeleteBucketMetricsConfiguration: "PutMetricsConfiguration",
    DeleteBucketOwnershipControls: "PutBucketOwnershipControls",
    DeleteBucketReplication: "PutReplicationConfiguration",
    DeleteBucketTagging: "PutBucketTagging",
    DeleteObjects: "DeleteObject",
    DeletePublicAccessBlock: "PutBucketPublicAccessBlock",
    GetBucketAccelerateConfiguration: "GetAccelerateConfiguration",
    GetBucketAnalyticsConfiguration: "GetAnalyticsConfiguration",
    GetBucketEncryption: "GetEncryptionConfiguration",
    GetBucketIntelligentTieringConfiguration: "GetIntelligentTieringConfiguration",
    GetBucketInventoryConfiguration: "GetInventoryConfiguration",
    GetBucketLifecycle: "GetLifecycleConfiguration",
    GetBucketLifecycleConfiguration: "GetLifecycleConfiguration",
    GetBucketMetadataConfiguration: "GetBucketMetadataTableConfiguration",
    GetBucketMetricsConfiguration: "GetMetricsConfiguration",
    GetBucketNotificationConfiguration: "GetBucketNotification",
    GetBucketReplication: "GetReplicationConfiguration",
    GetObjectLockConfiguration: "GetBucketObjectLockConfiguration",
    GetPublicAccessBlock: "GetBucketPublicAccessBlock",
    HeadBucket: "ListBucket",
    HeadObject: "GetObject",
    ListBucketAnalyticsConfigurations: "GetAnalyticsConfiguration",
    ListBucketIntelligentTieringConfigurations: "GetIntelligentTieringConfiguration",
    ListBucketInventoryConfigurations: "GetInventoryConfiguration",
    ListBucketMetricsConfigurations: "GetMetricsConfiguration",
    ListBuckets: "ListAllMyBuckets",
    ListDirectoryBuckets: "s3express:ListAllMyDirectoryBuckets",
    ListMultipartUploads: "ListBucketMultipartUploads",
    ListObjectVersions: "ListBucketVersions",
    ListObjects: "ListBucket",
    ListObjectsV2: "ListBucket",
    ListParts: "ListMultipartUploadParts",
    PutBucketAccelerateConfiguration: "PutAccelerateConfiguration",
    PutBucketAnalyticsConfiguration: "PutAnalyticsConfiguration",
    PutBucketEncryption: "PutEncryptionConfiguration",
    PutBucketIntelligentTieringConfiguration: "PutIntelligentTieringConfiguration",
    PutBucketInventoryConfiguration: "PutInventoryConfiguration",
    PutBucketLifecycle: "PutLifecycleConfiguration",
    PutBucketLifecycleConfiguration: "PutLifecycleConfiguration",
    PutBucketMetricsConfiguration: "PutMetricsConfiguration",
    PutBucketNotificationConfiguration: "PutBucketNotification",
    PutBucketReplication: "PutReplicationConfiguration",
    PutObjectLockConfiguration: "PutBucketObjectLockConfiguration",
    PutPublicAccessBlock: "PutBucketPublicAccessBlock",
    RenameObject: "GetObject PutObject DeleteObject",
    SelectObjectContent: "GetObject",
    UploadPart: "PutObject",
    UploadPartCopy: "GetObject PutObject",
    WriteGetObjectResponse: "s3-object-lambda:WriteGetObjectResponse",
  },
  s3control: {
    DeletePublicAccessBlock: "PutAccountPublicAccessBlock",
    GetPublicAccessBlock: "GetAccountPublicAccessBlock",
    PutPublicAccessBlock: "PutAccountPublicAccessBlock",
  },
  apigatewayv2: { PutRoutingRule: "UpdateRoutingRule" },
  sns: { PublishBatch: "Publish" },
  sqs: {
    ChangeMessageVisibilityBatch: "ChangeMessageVisibility",
    DeleteMessageBatch: "DeleteMessage",
    SendMessageBatch: "SendMessage",
  },
  timestreamquery: { Query: "Select DescribeEndpoints" },
  verifiedpermissions: {
    BatchGetPolicy: "GetPolicy",
    BatchIsAuthorized: "IsAuthorized",
    BatchIsAuthorizedWithToken: "IsAuthorizedWithToken",
  },
};

/** The methods of HTTP are the IAM actions of API Gateway. Its newer actions have rights of their own. */
const METHODS: readonly (readonly [RegExp, string])[] = [
  [/RoutingRules?$|Portal|Product/, ""],
  [/^(Get|Export)/, "GET"],
  [/^(Delete|Flush|Reset|Untag)/, "DELETE"],
  [/^(Put|Reimport|ImportDocumentationParts)/, "PUT"],
  [/^Update/, "PATCH"],
  [/^(Create|Import|Generate|Tag|Test|Reject)/, "POST"],
];

/** The services whose rights are verbs: the action's verb, and the IAM action. The first one that fits counts. */
const VERBS: Readonly<Record<string, readonly (readonly [RegExp, string])[]>> = {
  apigateway: METHODS,
  apigatewayv2: METHODS,
  budgets: [
    [/^(Create|Delete|Update)(Budget|Notification|Subscriber)$/, "ModifyBudget"],
    [/^Describe.*(Budget|Notification)/, "ViewBudget"],
  ],
  keyspaces: [
    [/^Create/, "Create"],
    [/^Restore/, "Restore"],
    [/^Delete/, "Drop"],
    [/^Update/, "Alter"],
    [/^(Get|List)/, "Select"],
  ],
};

function byVerb(service: string, action: string): string | undefined {
  return VERBS[service]?.find(([pattern]) => pattern.test(action))?.[1] || undefined;
}
