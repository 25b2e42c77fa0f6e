/** The rights of a distributed Map. @see https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html */
import { asObject, type JsonObject } from "../../base/json";
import { arnOf } from "./arn-template";
import { grant, grantWide, type Needs, openIn, type Right } from "./right";
import { requestOf, type ServiceRequest } from "./service-request";

/** The sources of the items, by integration. */
export const READERS: Readonly<Record<string, (reader: JsonObject) => Needs>> = {
  "s3:getObject": (reader) => {
    const request = requestOf(reader);
    // The items are not in a manifest itself, but in the objects that it names.
    const { InputType, ManifestType } = asObject(reader.ReaderConfig);
    const isManifest = InputType === "MANIFEST" || ManifestType !== undefined;
    return needs(readItems(request, isManifest ? "*" : textOrStart(request, "Key")));
  },
  "s3:listObjectsV2": (reader) => {
    const request = requestOf(reader);
    const list = onBucket("ListItems", ["s3:ListBucket"], request, "");
    if (asObject(reader.ReaderConfig).Transformation !== "LOAD_AND_FLATTEN") return needs(list);
    return needs(list, readItems(request, `${request.start("Prefix")}*`));
  },
};

/** The targets of the results. */
export const WRITERS: Readonly<Record<string, (writer: JsonObject) => Needs>> = {
  "s3:putObject": (writer) => {
    const request = requestOf(writer);
    const actions = ["s3:PutObject", "s3:GetObject", "s3:ListMultipartUploadParts", "s3:AbortMultipartUpload"];
    return needs(onBucket("WriteResults", actions, request, keysBelow(request)));
  },
};

/** The rights to run the items. The ARNs use the name of the state machine: a reference to it would be a circle, because it depends on this policy. */
export const RUN_ITEMS: Needs = needs(
  grant("StartMapRuns", ["states:StartExecution"], [arnOf("${StateMachineName}", "states", "stateMachine:")]),
  grant(
    "FollowMapRuns",
    ["states:DescribeExecution", "states:StopExecution"],
    [arnOf("${StateMachineName}:*", "states", "execution:")],
  ),
  grant("RedriveMapRuns", ["states:RedriveExecution"], [arnOf("${StateMachineName}/*:*", "states", "execution:")]),
);

// --- internal ---

function readItems(request: ServiceRequest, key: string): Right {
  return onBucket("ReadItems", ["s3:GetObject"], request, `/${key}`);
}

function textOrStart(request: ServiceRequest, parameter: string): string {
  return request.text(parameter) ?? `${request.start(parameter)}*`;
}

/** The results are in a folder whose name Step Functions chooses. */
function keysBelow(request: ServiceRequest): string {
  const prefix = request.text("Prefix");
  return prefix === null ? `/${request.start("Prefix")}*` : `/${prefix}/*`;
}

function onBucket(sid: string, actions: readonly string[], request: ServiceRequest, rest: string): Right {
  const bucket = request.text("Bucket");
  const arn = `arn:\${Partition}:s3:::${bucket ?? "*"}${rest}`;
  // Another rule of the check reports a bucket that is missing.
  return bucket === null && request.has("Bucket")
    ? grantWide(sid, actions, [arn], openIn(request, "Bucket"))
    : grant(sid, actions, [arn]);
}

function needs(...rights: readonly Right[]): Needs {
  return { rights, missing: [] };
}
