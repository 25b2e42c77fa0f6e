/** Kinds of resources and their parts: what the comment names when it changes. */
import { isObject, type Json, type JsonObject, objectsOf } from "../base/json";
import { parsedJson } from "./values";

export interface Kind {
  readonly noun: string;
  /** The attribute that holds its name. */
  readonly named: string;
  readonly parts: readonly Part[];
  /** True if it belongs to another resource, such as the policy of a role. Beside other new resources, it is not named. */
  readonly isDetail?: true;
  /** The protection that it gives a bucket, such as "versioning". Its end then needs the warnings of its parts. */
  readonly protection?: string;
}

export interface Part {
  readonly label: string;
  /** The attribute that holds it. */
  readonly attribute: string;
  /** Takes the part out of the value of the attribute. @default the whole value */
  readonly of?: (value: Json) => Json | undefined;
  /** @default none */
  readonly unit?: string;
  /** True if the part is an object of items with names, such as variables. The comment names each item that changes. */
  readonly isNamed?: true;
  /** A warning about some changes of the part. @default none */
  readonly warning?: PartWarning;
}

export interface PartWarning {
  readonly title: string;
  /** Tells whether the change needs the warning. A missing value is `null`. */
  readonly isMet: (before: Json, after: Json) => boolean;
}

type More = Omit<Part, "label" | "attribute">;

export const part = (label: string, attribute = label, more: More = {}): Part => ({ label, attribute, ...more });

/** A part of the single block of an attribute, such as `timeout[0].attempt_duration_seconds`. */
export const inBlock = (label: string, attribute: string, name: string, more: More = {}): Part =>
  part(label, attribute, { of: (blocks) => objectsOf(blocks)[0]?.[name], ...more });

/** A part of the container properties, which are JSON within a string. */
export const inContainer = (label: string, of: (properties: JsonObject) => Json | undefined, more: More = {}): Part =>
  part(label, "container_properties", {
    of: (text) => {
      const properties = typeof text === "string" ? parsedJson(text) : null;
      return isObject(properties) ? of(properties) : undefined;
    },
    ...more,
  });

/**
 * Returns the last part of an ARN, without its service, region and account. Of a secret, returns the name and the key. Returns any other
 * text as it is.
 */
export function nameInArn(text: string): string {
  const name = /^arn:[^:]*:[^:]*:[^:]*:[^:]*:(.+)$/s.exec(text)?.[1] ?? text;
  const [, secret, key, ...rest] = /^secret:([^:]+)(?::([^:]*):([^:]*):([^:]*))?$/.exec(name) ?? [];
  if (secret === undefined) return name;
  return [secret, ...(key ? [`key ${key}`] : []), ...rest.filter((part) => part)].join(", ");
}
