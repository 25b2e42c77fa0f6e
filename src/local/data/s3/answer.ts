/** The types of operations, and what their answers have in common. */
import { isoSeconds } from "../../../base/clock";
import type { Bucket } from "../data-folder";
import { encodeKey } from "../list-page";
import type { MultipartUploads } from "./multipart-uploads";
import type { Payload } from "./payload";
import { parameter, type S3Request } from "./s3-request";
import { type XmlElements, xmlDocument } from "./s3-xml";

/** An answer to a request. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | AsyncIterable<Uint8Array> | null;
  /** Closes the files behind the body. Called also if the body is not read. */
  readonly close?: () => Promise<void>;
}

/** The request of an operation, and the objects that it works on. */
export interface Call {
  readonly request: S3Request;
  readonly payload: Payload;
  readonly store: Bucket;
  readonly uploads: MultipartUploads;
  /** The name of the data bucket. Every other name stands for the same folder. */
  readonly dataBucket: string;
}

/** Answers a request whose signature is right. @throws ObjectStoreError */
export type Operation = (call: Call) => Promise<Answer>;

export function xmlAnswer(root: string, elements: XmlElements): Answer {
  return { status: 200, headers: { "Content-Type": "application/xml" }, body: xmlDocument(root, elements) };
}

export function emptyAnswer(status: number, headers: Answer["headers"] = {}): Answer {
  return { status, headers, body: null };
}

/** Returns the function that writes keys as the request asks for. */
export function keyEncoder(request: S3Request): (key: string) => string {
  return parameter(request, "encoding-type") === "url" ? encodeKey : (key) => key;
}

/** Writes a time as S3 does: in whole seconds, with a fraction of zero. */
export function isoTime(milliseconds: number): string {
  return isoSeconds(milliseconds).replace("Z", ".000Z");
}
