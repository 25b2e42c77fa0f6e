/**
 * The services of `aws-sdk:service:apiAction`. Their names are those of the AWS SDK for Java 2. IAM often has another prefix.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html
 */

/** Returns the IAM prefix of a service, such as `states` for `sfn`; `null` for an unknown service. */
export function iamPrefix(service: string): string | null {
  return PREFIXES.get(service) ?? PREFIXES.get(service.replace(/service$/, "")) ?? null;
}

/** Returns the names of all services. */
export function sdkServices(): string[] {
  return [...PREFIXES.keys()];
}

// --- internal ---

/** Services with the same name in IAM. */
const SAME = `
account acm aiops amplify amplifybackend amplifyuibuilder apigateway appconfig appfabric appflow applicationinsights
appmesh apprunner appstream appsync artifact athena auditmanager autoscaling b2bi backup batch bedrock billing
billingconductor braket budgets chatbot chime cleanrooms cloud9 clouddirectory cloudformation cloudfront cloudsearch
cloudtrail cloudwatch codeartifact codebuild codecommit codeconnections codedeploy codepipeline codestar comprehend
comprehendmedical config connect controlcatalog controltower databrew dataexchange datapipeline datasync datazone
dax deadline detective devicefarm directconnect dlm drs dsql dynamodb ebs ec2 ecr ecs eks elasticache
elasticbeanstalk elasticloadbalancing entityresolution evidently evs finspace firehose fis fms forecast
frauddetector freetier fsx gamelift gameliftstreams glacier globalaccelerator glue grafana greengrass groundstation
guardduty health healthlake honeycode iam identitystore imagebuilder importexport inspector inspector2 interconnect
internetmonitor invoicing iot iotanalytics iotdeviceadvisor iotevents iotfleetwise iotmanagedintegrations
iotsitewise iottwinmaker iotwireless ivs ivschat kafka kafkaconnect kendra kinesis kinesisanalytics kinesisvideo kms
lakeformation lambda launchwizard lightsail lookoutequipment lookoutmetrics lookoutvision m2 machinelearning macie2
managedblockchain marketplacecommerceanalytics mediaconnect mediaconvert medialive mediapackage mediapackagev2
mediastore mediatailor memorydb mgn mpa mq networkflowmonitor networkmanager networkmonitor notifications oam
observabilityadmin odb omics opsworks organizations osis outposts panorama pcs personalize pi pipes polly pricing
proton qapps qbusiness qldb quicksight ram rbin rds redshift rekognition repostspace resiliencehub robomaker
rolesanywhere route53 route53domains route53globalresolver route53profiles route53resolver rtbfabric rum s3 s3files
s3tables s3vectors sagemaker savingsplans scheduler schemas secretsmanager securityagent securityhub securitylake
servicecatalog servicediscovery servicequotas ses shield signer signin simspaceweaver snowball sns sqs ssm
storagegateway sts support supportapp sustainability swf synthetics textract tnb transcribe transfer translate
trustedadvisor uxc verifiedpermissions voiceid waf wafv2 wellarchitected wickr wisdom workdocs worklink workmail
workmailmessageflow workspaces xray
`;

/** Services with another prefix in IAM. */
const OTHER = `
accessanalyzer=access-analyzer acmpca=acm-pca amp=aps apigatewaymanagementapi=execute-api apigatewayv2=apigateway
appconfigdata=appconfig appintegrations=app-integrations applicationautoscaling=application-autoscaling
applicationdiscovery=discovery applicationsignals=application-signals arcregionswitch=arc-region-switch
arczonalshift=arc-zonal-shift autoscalingplans=autoscaling-plans backupgateway=backup-gateway
backupsearch=backup-search bcmdashboards=bcm-dashboards bcmdataexports=bcm-data-exports
bcmpricingcalculator=bcm-pricing-calculator bcmrecommendedactions=bcm-recommended-actions bedrockagent=bedrock
bedrockagentcore=bedrock-agentcore bedrockagentcorecontrol=bedrock-agentcore bedrockagentruntime=bedrock
bedrockdataautomation=bedrock bedrockdataautomationruntime=bedrock bedrockruntime=bedrock chimesdkidentity=chime
chimesdkmediapipelines=chime chimesdkmeetings=chime chimesdkmessaging=chime chimesdkvoice=chime
cleanroomsml=cleanrooms-ml cloudcontrol=cloudformation cloudfrontkeyvaluestore=cloudfront-keyvaluestore
cloudhsmv2=cloudhsm cloudtraildata=cloudtrail-data cloudwatchlogs=logs codeguruprofiler=codeguru-profiler
codegurureviewer=codeguru-reviewer codegurusecurity=codeguru-security codestarconnections=codestar-connections
codestarnotifications=codestar-notifications cognitoidentity=cognito-identity cognitoidentityprovider=cognito-idp
cognitosync=cognito-sync computeoptimizer=compute-optimizer computeoptimizerautomation=aco-automation
connectcampaigns=connect-campaigns connectcampaignsv2=connect-campaigns connectcases=cases
connectcontactlens=connect connecthealth=health-agent costandusagereport=cur costexplorer=ce
costoptimizationhub=cost-optimization-hub customerprofiles=profile databasemigration=dms devopsagent=aidevops
devopsguru=devops-guru directory=ds directoryservicedata=ds-data docdb=rds docdbelastic=docdb-elastic
dynamodbstreams=dynamodb ec2instanceconnect=ec2-instance-connect ecrpublic=ecr-public efs=elasticfilesystem
eksauth=eks-auth elasticloadbalancingv2=elasticloadbalancing elasticsearch=es elementalinference=elemental-inference
emr=elasticmapreduce emrcontainers=emr-containers emrserverless=emr-serverless eventbridge=events
forecastquery=forecast geomaps=geo-maps geoplaces=geo-places georoutes=geo-routes greengrassv2=greengrass
inspectorscan=inspector-scan iotdataplane=iot ioteventsdata=iotevents iotjobsdataplane=iotjobsdata
iotsecuretunneling=iot ivsrealtime=ivs kendraranking=kendra-ranking keyspaces=cassandra keyspacesstreams=cassandra
kinesisanalyticsv2=kinesisanalytics kinesisvideoarchivedmedia=kinesisvideo kinesisvideomedia=kinesisvideo
kinesisvideosignaling=kinesisvideo kinesisvideowebrtcstorage=kinesisvideo lexmodelbuilding=lex lexmodelsv2=lex
lexruntime=lex lexruntimev2=lex licensemanager=license-manager
licensemanagerlinuxsubscriptions=license-manager-linux-subscriptions
licensemanagerusersubscriptions=license-manager-user-subscriptions location=geo mailmanager=ses
managedblockchainquery=managedblockchain-query marketplaceagreement=aws-marketplace
marketplacecatalog=aws-marketplace marketplacedeployment=aws-marketplace marketplacediscovery=aws-marketplace
marketplaceentitlement=aws-marketplace marketplacemetering=aws-marketplace marketplacereporting=aws-marketplace
mediapackagevod=mediapackage-vod mediastoredata=mediastore medicalimaging=medical-imaging migrationhub=mgh
migrationhubconfig=mgh migrationhuborchestrator=migrationhub-orchestrator migrationhubrefactorspaces=refactor-spaces
migrationhubstrategy=migrationhub-strategy mturk=mechanicalturk mwaa=airflow mwaaserverless=airflow-serverless
neptune=rds neptunedata=neptune-db neptunegraph=neptune-graph networkfirewall=network-firewall
notificationscontacts=notifications-contacts novaact=nova-act opensearch=es opensearchserverless=aoss
partnercentralaccount=partnercentral partnercentralbenefits=partnercentral partnercentralchannel=partnercentral
partnercentralselling=partnercentral paymentcryptography=payment-cryptography
paymentcryptographydata=payment-cryptography pcaconnectorad=pca-connector-ad pcaconnectorscep=pca-connector-scep
personalizeevents=personalize personalizeruntime=personalize pinpoint=mobiletargeting pinpointemail=ses
pinpointsmsvoice=sms-voice pinpointsmsvoicev2=sms-voice qconnect=wisdom qldbsession=qldb rdsdata=rds-data
redshiftdata=redshift-data redshiftserverless=redshift-serverless resourceexplorer2=resource-explorer-2
resourcegroups=resource-groups resourcegroupstaggingapi=tag route53recoverycluster=route53-recovery-cluster
route53recoverycontrolconfig=route53-recovery-control-config route53recoveryreadiness=route53-recovery-readiness
s3control=s3 s3outposts=s3-outposts sagemakera2iruntime=sagemaker sagemakeredge=sagemaker
sagemakerfeaturestoreruntime=sagemaker sagemakergeospatial=sagemaker-geospatial sagemakermetrics=sagemaker
sagemakerruntime=sagemaker securityir=security-ir serverlessapplicationrepository=serverlessrepo
servicecatalogappregistry=servicecatalog sesv2=ses sfn=states signerdata=signer simpledb=sdb simpledbv2=sdb
snowdevicemanagement=snow-device-management socialmessaging=social-messaging ssmcontacts=ssm-contacts
ssmguiconnect=ssm-guiconnect ssmincidents=ssm-incidents ssmquicksetup=ssm-quicksetup ssmsap=ssm-sap ssoadmin=sso
supplychain=scn taxsettings=tax timestreaminfluxdb=timestream-influxdb timestreamquery=timestream
timestreamwrite=timestream vpclattice=vpc-lattice wafregional=waf-regional workspacesinstances=workspaces-instances
workspacesthinclient=thinclient workspacesweb=workspaces-web
`;

const PREFIXES = new Map([
  ...SAME.trim()
    .split(/\s+/)
    .map((name) => [name, name] as const),
  ...OTHER.trim()
    .split(/\s+/)
    .map((pair) => pair.split("=") as [string, string]),
]);
