/** The XML that S3 reads and writes. */
import { parseXML } from "@aws-sdk/xml-builder";
import { isObject, type Json, type JsonObject } from "../../../base/json";
import { ObjectStoreError } from "../object-store";

/** The content of an element: a text, elements by name, or a list of elements with the same name. */
type XmlValue = string | number | boolean | null | XmlElements | readonly XmlElements[];

/** Elements by name, in their order. Leaves out those that are `null`. */
export interface XmlElements {
  readonly [name: string]: XmlValue;
}

/** Returns an XML document. */
export function xmlDocument(root: string, elements: XmlElements): string {
  const namespace = root === "Error" ? "" : ' xmlns="http://s3.amazonaws.com/doc/2006-03-01/"';
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root}${namespace}>${xmlOf(elements)}</${root}>`;
}

/**
 * Returns the elements below the root of a document.
 * @throws ObjectStoreError MalformedXML
 */
export function parseXml(text: string, root: string): JsonObject {
  let found: Json = null;
  try {
    found = parseXML(text)[root] as Json;
  } catch {
    // The same error as for another document.
  }
  if (isObject(found)) return found;
  throw new ObjectStoreError("MalformedXML", `The XML you provided was not well-formed, or its root is not ${root}`);
}

/** Returns the elements with a name. One element is no list in the result of the parser. */
export function elementsOf(parent: JsonObject, name: string): readonly JsonObject[] {
  const found = parent[name];
  return (Array.isArray(found) ? found : [found]).filter(isObject);
}

// --- internal ---

function xmlOf(elements: XmlElements): string {
  return Object.entries(elements)
    .flatMap(([name, value]) => {
      const values = Array.isArray(value) ? (value as readonly XmlElements[]) : value === null ? [] : [value];
      return values.map(
        (one) => `<${name}>${typeof one === "object" ? xmlOf(one as XmlElements) : escaped(String(one))}</${name}>`,
      );
    })
    .join("");
}

/** S3 writes control characters as references, although XML 1.0 does not allow them. Clients ask for `encoding-type=url`. */
function escaped(text: string): string {
  return text.replaceAll(/[&<>"\p{Cc}]/gu, (character) => `&#x${character.codePointAt(0)!.toString(16)};`);
}
