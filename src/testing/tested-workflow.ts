/** The workflow that tests run: the project's, or a document from elsewhere. */
import type { StatesDocument } from "../asl/document";
import { fillIn, type PlaceholderValues, substitute } from "../asl/substitution";
import type { JsonObject } from "../base/json";
import { loadAnyDocument, stateMachineNameOf } from "../project/any-document";
import type { NamedFile } from "../project/companion-files";
import { dataBucketOf, LOCAL_ACCOUNT, resourceName } from "../project/names";
import type { Settings } from "../project/settings-types";
import { documentOf, loadWorkflow } from "../project/workflow-files";
import { namedValues, withSubstitutions } from "../terraform/placeholder-values";

/** A document that has no errors, and what its tests need. */
export interface TestedWorkflow {
  /** The name of the state machine. */
  readonly name: string;
  /** @default us-east-1 */
  readonly region?: string;
  /** The document. Its placeholders have values, as far as the project knows them. */
  readonly document: StatesDocument;
  /** The values of the placeholders. Tests may use them. */
  readonly values: PlaceholderValues;
  readonly inputSchema: JsonObject | null;
  /** The file of the document. Its tests and its example input are beside it. */
  readonly file: NamedFile;
  /** The names that a mock file of Step Functions Local may use for the state machine. */
  readonly stateMachines: readonly string[];
}

/**
 * Returns the workflow of the project. ARNs are those of a deployment, in an account of zeros; so nothing is synthesized.
 * @throws UsageError with all errors of the document
 */
export function projectWorkflow(settings: Settings): TestedWorkflow {
  const { document, inputSchema } = loadWorkflow(settings);
  const { region } = settings;
  const dataBucket = dataBucketOf(settings, LOCAL_ACCOUNT);
  const named = namedValues(settings, { partition: "aws", region, accountId: LOCAL_ACCOUNT, dataBucket });
  const values = withSubstitutions(settings, named, fillIn);
  const name = resourceName(settings);
  return {
    name,
    region,
    document: substitute(document, values),
    values,
    inputSchema,
    file: documentOf(settings),
    stateMachines: [settings.name, name],
  };
}

/**
 * Returns the workflow of a document from elsewhere. A `${Name}` in it is text.
 * @throws UsageError with all errors of the document
 */
export function documentWorkflow(file: NamedFile): TestedWorkflow {
  const { document, inputSchema } = loadAnyDocument(file, { local: false });
  const name = stateMachineNameOf(file);
  return { name, document, values: {}, inputSchema, file, stateMachines: [name] };
}
