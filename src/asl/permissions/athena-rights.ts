/**
 * The rights of Athena. The engine reads tables and writes results with the rights of the caller.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/athena-iam.html
 */
import { arnOf } from "./arn-template";
import { grant, grantWide, openIn, type Right, take } from "./right";
import type { ServiceRequest } from "./service-request";

export function runQuery(request: ServiceRequest): Right[] {
  const database = request.text("QueryExecutionContext.Database");
  const output = request.text("ResultConfiguration.OutputLocation");
  const [, bucket] = /^s3:\/\/([^/]+)/.exec(output ?? "") ?? [];
  const tables = [
    arnOf("catalog", "glue", ""),
    ...["database/", "table/", "userDefinedFunction/"].map((kind) =>
      arnOf(kind === "database/" ? (database ?? "*") : `${database ?? "*"}/*`, "glue", kind),
    ),
  ];
  return [
    ...take(["athena:StartQueryExecution"], request),
    grant(
      "AthenaGetDataCatalog",
      ["athena:GetDataCatalog"],
      [arnOf(request.text("QueryExecutionContext.Catalog") ?? "*", "athena", "datacatalog/")],
    ),
    database === null
      ? grantWide("QueryTables", TABLE_ACTIONS, tables, openIn(request, "QueryExecutionContext.Database"))
      : grant("QueryTables", TABLE_ACTIONS, tables),
    // The data of a query is wherever its tables are.
    grantWide(
      "ReadQueriedData",
      ["s3:GetBucketLocation", "s3:GetObject", "s3:ListBucket"],
      ["arn:${Partition}:s3:::*"],
      openIn(request, "QueryString"),
    ),
    bucket === undefined
      ? grantWide(
          "WriteQueryResults",
          WRITE_ACTIONS,
          ["arn:${Partition}:s3:::*"],
          openIn(request, "ResultConfiguration.OutputLocation"),
        )
      : grant("WriteQueryResults", WRITE_ACTIONS, [
          `arn:\${Partition}:s3:::${bucket}`,
          `arn:\${Partition}:s3:::${bucket}/*`,
        ]),
    grant("ReadLakeData", ["lakeformation:GetDataAccess"], ["*"]),
  ];
}

/** Athena reads the results from S3 with the rights of the caller. The call does not say from where. */
export function readQueryResults(request: ServiceRequest): Right[] {
  return [
    ...take(["athena:GetQueryResults"], request),
    grantWide("ReadQueryResults", ["s3:GetObject"], ["arn:${Partition}:s3:::*"], openIn(request, "QueryExecutionId")),
  ];
}

// --- internal ---

const TABLE_ACTIONS = [
  ...["CreateDatabase", "GetDatabase", "GetDatabases", "UpdateDatabase", "DeleteDatabase"],
  ...["CreateTable", "UpdateTable", "GetTable", "GetTables", "DeleteTable", "BatchDeleteTable"],
  ...[
    "BatchCreatePartition",
    "CreatePartition",
    "UpdatePartition",
    "GetPartition",
    "GetPartitions",
    "BatchGetPartition",
  ],
  ...["DeletePartition", "BatchDeletePartition"],
].map((action) => `glue:${action}`);

const WRITE_ACTIONS = [
  "s3:AbortMultipartUpload",
  "s3:GetBucketLocation",
  "s3:ListBucketMultipartUploads",
  "s3:ListMultipartUploadParts",
  "s3:PutObject",
];
