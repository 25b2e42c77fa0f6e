/**
 * API actions that are no IAM action under their name, and for which no other one is known here. The user adds the rights by hand.
 * The Service Authorization Reference of September 2026 was compared with all 18,000 API actions.
 */

/** Returns whether no IAM action is known for an API action, by service of the AWS SDK. */
export function hasUnlistedAction(service: string, action: string): boolean {
  return UNLISTED[service]?.split(/\s+/).includes(action) ?? false;
}

// --- internal ---

const UNLISTED: Readonly<Record<string, string>> = {
  appstream: "DrainSessionInstance",
  bcmpricingcalculator: `
    BatchCreateBillScenarioCommitmentModification BatchCreateBillScenarioUsageModification
    BatchCreateWorkloadEstimateUsage BatchDeleteBillScenarioCommitmentModification
    BatchDeleteBillScenarioUsageModification BatchDeleteWorkloadEstimateUsage
    BatchUpdateBillScenarioCommitmentModification BatchUpdateBillScenarioUsageModification
    BatchUpdateWorkloadEstimateUsage
  `,
  bedrockagentcore: "InvokeBrowser",
  cloudfront: "ListDistributionsByOwnedResource",
  cloudtrail: "ListInsightsMetricData",
  cloudwatch: "DescribeAlarmContributors",
  cloudwatchlogs: "GetLogObject",
  cognitoidentityprovider: `
    CompleteWebAuthnRegistration DeleteWebAuthnCredential GetUserAuthFactors ListWebAuthnCredentials
    StartWebAuthnRegistration
  `,
  comprehendmedical: "DetectEntities",
  connect: `
    AssociateHoursOfOperations CreateTestCase DeleteTestCase DescribeTestCase DisassociateHoursOfOperations
    GetTestCaseExecutionSummary ListChildHoursOfOperations ListTestCaseExecutionRecords ListTestCaseExecutions
    ListTestCases SearchTestCases StartTestCaseExecution StopTestCaseExecution UpdateTestCase UpdateUserConfig
  `,
  databasemigration: `
    DescribeDataProviders DescribeExtensionPackAssociations DescribeInstanceProfiles
    DescribeMetadataModelAssessments DescribeMetadataModelConversions DescribeMetadataModelExportsAsScript
    DescribeMetadataModelExportsToTarget DescribeMigrationProjects ModifyConversionConfiguration ModifyDataProvider
    ModifyInstanceProfile ModifyMigrationProject StartExtensionPackAssociation StartMetadataModelExportAsScript
  `,
  datazone: "UpdateRootDomainUnitOwner",
  deadline: `
    BatchGetJob BatchGetSession BatchGetSessionAction BatchGetStep BatchGetTask BatchGetWorker BatchUpdateJob
    BatchUpdateTask
  `,
  detective: "ListOrganizationAdminAccounts",
  ecr: "ListImageReferrers",
  geomaps: "GetGlyphs GetSprites GetStyleDescriptor",
  glue: `
    BatchPutDataQualityStatisticAnnotation GetMaterializedViewRefreshTaskRun GetUnfilteredPartitionMetadata
    GetUnfilteredPartitionsMetadata GetUnfilteredTableMetadata ListDataQualityStatisticAnnotations
    ListDataQualityStatistics ListMaterializedViewRefreshTaskRuns StartMaterializedViewRefreshTaskRun
    StopMaterializedViewRefreshTaskRun
  `,
  iam: "UpdateDelegationRequest",
  iotfleetwise: "BatchCreateVehicle BatchUpdateVehicle",
  lakeformation: "AssumeDecoratedRoleWithSAML GetTemporaryDataLocationCredentials",
  lexmodelsv2: "ListBotAnalyzerHistory ListUtteranceAnalyticsData ListUtteranceMetrics",
  marketplacecatalog: "BatchDescribeEntities",
  mediaconnect: `
    BatchGetRouterInput BatchGetRouterNetworkInterface BatchGetRouterOutput ListTagsForGlobalResource
    TagGlobalResource UntagGlobalResource
  `,
  mediaconvert: "GetJobsQueryResults StartJobsQuery",
  mediatailor: "DeleteFunction GetFunction ListFunctions PutFunction",
  neptunedata: `
    CancelGremlinQuery CancelOpenCypherQuery DeletePropertygraphStatistics DeleteSparqlStatistics ExecuteFastReset
    ExecuteGremlinExplainQuery ExecuteGremlinProfileQuery ExecuteGremlinQuery ExecuteOpenCypherExplainQuery
    ExecuteOpenCypherQuery GetGremlinQueryStatus GetMLDataProcessingJob GetMLEndpoint GetMLModelTrainingJob
    GetMLModelTransformJob GetOpenCypherQueryStatus GetPropertygraphStatistics GetPropertygraphStream
    GetPropertygraphSummary GetRDFGraphSummary GetSparqlStatistics GetSparqlStream ListGremlinQueries
    ListOpenCypherQueries ManagePropertygraphStatistics ManageSparqlStatistics
  `,
  neptunegraph: "ExecuteQuery GetQuery",
  outposts: "StartOutpostDecommission",
  qapps: "CreatePresignedUrl",
  quicksight: "DescribeAnalysisDefinition DescribeDashboardDefinition DescribeTemplateDefinition",
  rds: "DescribeServerlessV2PlatformVersions",
  redshift: "ModifyLakehouseConfiguration",
  redshiftserverless: "UpdateLakehouseConfiguration",
  resourceexplorer2: "ListResources",
  s3control: `
    DeleteAccessPointScope DeleteBucketLifecycleConfiguration DeleteBucketReplication DeleteBucketTagging
    GetAccessPointScope GetBucket GetBucketLifecycleConfiguration GetBucketReplication
    ListAccessPointsForDirectoryBuckets ListRegionalBuckets PutAccessPointScope PutBucketLifecycleConfiguration
    PutBucketReplication
  `,
  securityhub: "BatchUpdateFindingsV2 GetFindingStatisticsV2 GetFindingsV2 RegisterConnectorV2",
  taxsettings: "BatchGetTaxExemptions GetTaxExemptionTypes ListTaxExemptions PutTaxExemption",
  vpclattice: "BatchUpdateRule",
  wickr: "UpdateNetwork",
};
