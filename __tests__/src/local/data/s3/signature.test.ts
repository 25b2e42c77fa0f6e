/** The examples of AWS's documentation, and what differs from them. */
import { Readable } from "node:stream";
import { errorStatus } from "../../../../../src/local/data/error-status";
import { payloadOf, textOfPayload } from "../../../../../src/local/data/s3/payload";
import { parseRequest } from "../../../../../src/local/data/s3/s3-request";
import { type Credentials, checkSignature, findAmong } from "../../../../../src/local/data/s3/signature";

const CREDENTIALS: Credentials = {
  accessKeyId: "AKIAIOSFODNN7EXAMPLE",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
  sessionToken: null,
};
const NOW = Date.parse("2013-05-24T00:00:00Z");
const SCOPE = "AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request";
const EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

interface Raw {
  readonly method?: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: readonly string[];
}

function parse({ method = "GET", url, headers, body = [] }: Raw) {
  return parseRequest(Object.assign(Readable.from(body.map((text) => Buffer.from(text))), { method, url, headers }));
}

/** Returns a request with the headers that all examples have. */
function signed(raw: Raw, signedHeaders: string, signature: string): Raw {
  const authorization = `AWS4-HMAC-SHA256 Credential=${SCOPE},SignedHeaders=${signedHeaders},Signature=${signature}`;
  const common = { host: "examplebucket.s3.amazonaws.com", "x-amz-date": "20130524T000000Z" };
  return { ...raw, headers: { ...common, "x-amz-content-sha256": EMPTY, ...raw.headers, authorization } };
}

const USUAL = "host;x-amz-content-sha256;x-amz-date";
const GET = signed(
  { url: "/test.txt", headers: { range: "bytes=0-9" } },
  `host;range;x-amz-content-sha256;x-amz-date`,
  "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
);
const PRESIGNED: Raw = {
  url: `/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=${encodeURIComponent(SCOPE)}&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404`,
  headers: { host: "examplebucket.s3.amazonaws.com" },
};
const PUT = signed(
  {
    ...{ method: "PUT", url: "/test%24file.text", body: ["Welcome ", "to Amazon S3."] },
    headers: {
      ...{ date: "Fri, 24 May 2013 00:00:00 GMT", "x-amz-storage-class": "REDUCED_REDUNDANCY" },
      "x-amz-content-sha256": "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072",
    },
  },
  "date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class",
  "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
);

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html */
const STREAMED = signed(
  {
    ...{ method: "PUT", url: "/examplebucket/chunkObject.txt" },
    headers: {
      ...{ host: "s3.amazonaws.com", "x-amz-storage-class": "REDUCED_REDUNDANCY" },
      ...{ "x-amz-content-sha256": "STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "content-encoding": "aws-chunked" },
      ...{ "x-amz-decoded-content-length": "66560", "content-length": "66824" },
    },
    body: [
      "10000;chunk-signature=ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648\r\n",
      `${"a".repeat(65_536)}\r\n400;chunk-signature=0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497\r`,
      `\n${"a".repeat(1024)}\r\n0;chunk-signature=b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9\r\n\r\n`,
    ],
  },
  "content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class",
  "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9",
);

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html */
const WITH_TRAILER = signed(
  {
    ...{ method: "PUT", url: "/examplebucket/chunkObject.txt" },
    headers: {
      ...{ host: "s3.amazonaws.com", "x-amz-storage-class": "REDUCED_REDUNDANCY" },
      ...{ "x-amz-content-sha256": "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER", "content-encoding": "aws-chunked" },
      ...{ "x-amz-decoded-content-length": "66560", "x-amz-trailer": "x-amz-checksum-crc32c" },
    },
    body: [
      `10000;chunk-signature=b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2\r\n${"a".repeat(65_536)}\r\n`,
      `400;chunk-signature=1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7\r\n${"a".repeat(1024)}\r\n`,
      "0;chunk-signature=2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992\r\n",
      "x-amz-checksum-crc32c:sOO8/Q==\r\n",
      "x-amz-trailer-signature:d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435\r\n\r\n",
    ],
  },
  "content-encoding;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class;x-amz-trailer",
  "106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e",
);

const check = (raw: Raw, now = NOW, credentials = [CREDENTIALS]) =>
  checkSignature(parse(raw), findAmong(credentials), now);
const textOf = (raw: Raw) => {
  const request = parse(raw);
  return textOfPayload(payloadOf(request, checkSignature(request, findAmong([CREDENTIALS]), NOW)));
};

test.each<[string, Raw]>([
  ["a header", GET],
  ["the query", PRESIGNED],
  [
    "a header, for a list",
    signed(
      { url: "/?prefix=J&max-keys=2", headers: {} },
      USUAL,
      "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
    ),
  ],
  [
    "a header, for a subresource",
    signed(
      { url: "/?lifecycle", headers: {} },
      USUAL,
      "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543",
    ),
  ],
])("accepts the signature in %s", (_, raw) => {
  expect(check(raw).signature).toMatch(/^[0-9a-f]{64}$/);
});

test.each<[string, Raw, string]>([
  ["in one piece", PUT, "Welcome to Amazon S3."],
  ["in signed chunks", STREAMED, "a".repeat(66_560)],
  ["in signed chunks, with a trailer", WITH_TRAILER, "a".repeat(66_560)],
])("accepts a body %s", async (_, raw, text) => {
  expect(await textOf(raw)).toBe(text);
});

const edited = (raw: Raw, index: number, edit: (piece: string) => string): Raw => ({
  ...raw,
  body: raw.body!.map((piece, at) => (at === index ? edit(piece) : piece)),
});

test.each<[string, Raw, string]>([
  ["another body", { ...PUT, body: ["Welcome to Amazon S4."] }, "XAmzContentSHA256Mismatch"],
  ["another chunk", edited(STREAMED, 1, (piece) => `b${piece.slice(1)}`), "SignatureDoesNotMatch"],
  [
    "another signature of a chunk",
    edited(STREAMED, 0, (piece) => piece.replace("ad80", "ad81")),
    "SignatureDoesNotMatch",
  ],
  ["a chunk without signature", edited(STREAMED, 0, () => "10000\r\n"), "SignatureDoesNotMatch"],
  ["no last chunk", edited(STREAMED, 2, (piece) => piece.slice(0, 1000)), "IncompleteBody"],
  ["a chunk without size", edited(STREAMED, 0, () => "x\r\n"), "IncompleteBody"],
  ["an endless line", edited(STREAMED, 0, () => "1".repeat(9000)), "IncompleteBody"],
  ["another trailer", edited(WITH_TRAILER, 3, () => "x-amz-checksum-crc32c:AAAAAA==\r\n"), "SignatureDoesNotMatch"],
  ["no signature of the trailer", edited(WITH_TRAILER, 4, () => "\r\n"), "SignatureDoesNotMatch"],
])("refuses %s", async (_, raw, code) => {
  await expect(textOf(raw)).rejects.toMatchObject({ code });
});

const withHeader = (name: string, value: string): Raw => ({ ...GET, headers: { ...GET.headers, [name]: value } });
const replaced = (from: string, to: string) =>
  withHeader("authorization", GET.headers.authorization!.replace(from, to));

test.each<[string, Raw, string, number?]>([
  ["no signature", { url: "/", headers: { host: "x" } }, "AccessDenied"],
  ["another scheme", withHeader("authorization", "AWS AKIA:xyz"), "AccessDenied"],
  ["another access key", replaced("AKIA", "AKIB"), "InvalidAccessKeyId"],
  ["another date in the scope", replaced("20130524/", "20130525/"), "AccessDenied"],
  ["another region", replaced("us-east-1", "us-east-2"), "SignatureDoesNotMatch"],
  ["another service", replaced("/s3/", "/sts/"), "AccessDenied"],
  ["another signature", replaced("Signature=f", "Signature=e"), "SignatureDoesNotMatch"],
  ["another path", { ...GET, url: "/test.txT" }, "SignatureDoesNotMatch"],
  ["another encoding of the path", { ...GET, url: "/%74est.txt" }, "SignatureDoesNotMatch"],
  ["another query", { ...GET, url: "/test.txt?versions" }, "SignatureDoesNotMatch"],
  ["another method", { ...GET, method: "DELETE" }, "SignatureDoesNotMatch"],
  ["another signed header", withHeader("range", "bytes=0-8"), "SignatureDoesNotMatch"],
  ["an added header", withHeader("x-amz-copy-source", "/b/k"), "AccessDenied"],
  ["a clock that is 15 minutes late", GET, "RequestTimeTooSkewed", NOW + 900_001],
  ["a clock that is 15 minutes early", GET, "RequestTimeTooSkewed", NOW - 900_001],
  ["a presigned URL that has expired", PRESIGNED, "AccessDenied", NOW + 86_400_001],
  ["a presigned URL from the future", PRESIGNED, "AccessDenied", NOW - 900_001],
  [
    "a presigned URL with more time",
    { ...PRESIGNED, url: PRESIGNED.url.replace("86400", "86401") },
    "SignatureDoesNotMatch",
  ],
  ["a presigned URL for a year", { ...PRESIGNED, url: PRESIGNED.url.replace("86400", "999999") }, "AccessDenied"],
])("refuses %s", (_, raw, code, now = NOW) => {
  expect(() => check(raw, now)).toThrow(expect.objectContaining({ code }));
  expect(errorStatus(code)).toBe(403);
});

test("credentials of a session need their token", () => {
  const session = { ...CREDENTIALS, sessionToken: "token" };
  expect(() => check(GET, NOW, [session])).toThrow(expect.objectContaining({ code: "AccessDenied" }));
});

test("a kind of payload that the endpoint does not know is not stored", async () => {
  const request = parse({ method: "PUT", url: "/b/k", headers: {}, body: ["x"] });
  const payload = payloadOf(request, {
    payload: "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD",
    accessKeyId: "",
    signature: "",
    sign: () => "",
  });
  await expect(textOfPayload(payload)).rejects.toMatchObject({ code: "NotImplemented" });
});
