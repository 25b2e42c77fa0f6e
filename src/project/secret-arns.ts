/** The references to secrets in the field `secrets` of a job: ARNs, which may have placeholders. */
import { fillIn, type PlaceholderValues, placeholdersIn } from "../asl/substitution";
import { REGION_NAME } from "./names";
import type { Kind, Mistake } from "./setting-kinds";

/** Completes "must be …". */
const RULE =
  "the ARN of a parameter, such as arn:${Partition}:ssm:${Region}:${AccountId}:parameter/name, or of a secret, such as arn:${Partition}:secretsmanager:${Region}:${AccountId}:secret:name, also with :key:stage:version";

/** A reference to a secret. The message about a wrong one does not show it: it may be the secret itself. */
export const SECRET_REFERENCE: Kind<string> = {
  rule: RULE,
  schema: { type: "string", pattern: "^(arn:|\\$\\{)" },
  read: (given) => (typeof given === "string" && mayNameSecret(given) ? given : undefined),
  mistakes: (given) => [mistakeIn(given)],
};

/** Returns whether a text without placeholders is the ARN of a secret or a parameter. */
export function isSecretArn(text: string): boolean {
  return SECRET.test(text) || PARAMETER.test(text);
}

/** Values of the placeholders that can be part of an ARN. */
export const EXAMPLE_VALUES: PlaceholderValues = {
  Partition: "aws",
  Region: "eu-west-1",
  AccountId: "123456789012",
  StateMachineName: "echo_dev",
  DataBucket: "echo--dev-123456789012-euw1",
};

/** Completes "must …" for a text whose placeholders do not make an ARN. */
export const MUST_NAME_SECRET = `be ${RULE}, when its placeholders have their values`;

// --- internal ---

/** Returns whether a text may be an ARN. Of the values of `substitutions`, nothing is known here. */
function mayNameSecret(text: string): boolean {
  const others = placeholdersIn(text).filter((name) => !Object.hasOwn(EXAMPLE_VALUES, name));
  return others.length > 0 ? /^(arn:|\$\{)\S*$/.test(text) : isSecretArn(fillIn(text, EXAMPLE_VALUES));
}

const arnOf = (service: string, resource: string) =>
  new RegExp(`^arn:aws(-[a-z]+)*:${service}:${REGION_NAME.source.slice(1, -1)}:\\d{12}:${resource}$`);

/** Each of the last three parts may be empty. @see https://docs.aws.amazon.com/batch/latest/userguide/specifying-sensitive-data-secrets.html */
const SECRET = arnOf("secretsmanager", "secret:[\\w/+=.@!-]+(:[^:\\n]*:[^:\\n]*:[^:\\n]*)?");
const PARAMETER = arnOf("ssm", "parameter(/[\\w.-]+)+");

/** Advice on common mistakes. */
const ADVICE: readonly (readonly [RegExp, string])[] = [
  [/^arn:.*[*?]/, "name one secret: a pattern names many"],
  [
    /^arn:[^:]*:secretsmanager:.*:secret:[^:]+(:[^:]*){1,2}$/,
    "write all three parts behind the name, also those that are empty, such as :password::",
  ],
  [/^arn:[^:]*:ssm:.*:parameter\/[^:]+:/, "leave out the version or label behind the name"],
];

function mistakeIn(given: unknown): Mistake {
  const got =
    typeof given === "string" ? `a text of ${given.length} characters` : given === null ? "null" : typeof given;
  const advice = typeof given === "string" ? ADVICE.find(([pattern]) => pattern.test(given)) : undefined;
  return {
    path: [],
    message: `must be ${RULE}, got: ${got}`,
    fix: advice?.[1] ?? "write the ARN; the value itself belongs in the file with secrets, see docs/running.md",
  };
}
