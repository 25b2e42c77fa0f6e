/** The JSON Schema of cdktf.json. Editors complete settings with it; `loadSettings` has the whole rules. */
import type { Json, JsonObject } from "../base/json";
import { JOB_FIELDS } from "./job-fields";
import { SHORT_NAME, SHORT_NAME_LENGTH } from "./names";
import { SETTINGS } from "./settings-table";

/** Returns the schema. It refuses no settings that `loadSettings` takes. */
export function settingsSchema(): JsonObject {
  const { jobs, ...others } = SETTINGS;
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "Settings of a workflow, in cdktf.json",
    type: "object",
    properties: {
      context: {
        type: "object",
        properties: {
          ...Object.fromEntries(
            Object.entries(others).map(([name, { kind, default: fallback, help }]) => [
              name,
              { description: help, ...kind.schema, default: fallback as Json },
            ]),
          ),
          jobs: {
            description: jobs.help,
            type: "object",
            minProperties: 1,
            propertyNames: { pattern: SHORT_NAME.source, maxLength: SHORT_NAME_LENGTH },
            additionalProperties: jobSchema(),
          },
        },
        required: ["jobs"],
      },
    },
    required: ["context"],
  };
}

// --- internal ---

function jobSchema(): JsonObject {
  const fields = Object.entries(JOB_FIELDS);
  return {
    type: "object",
    properties: Object.fromEntries(
      fields.map(([name, { kind, default: fallback, help }]) => [
        name,
        { description: help, ...kind.schema, ...(fallback !== undefined && { default: fallback as Json }) },
      ]),
    ),
    required: fields.filter(([, field]) => field.default === undefined).map(([name]) => name),
    additionalProperties: false,
  };
}
