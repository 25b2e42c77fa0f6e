/** Tests faults of the data folder on the real command line: a run that is killed, and two runs at once. Needs no emulator. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { LocalProject } from "./local-run";

/** Writes slowly. The parts of `large` and the content of `whole` never end. */
const HALF = `
const { S3Client, CreateMultipartUploadCommand, PutObjectCommand, UploadPartCommand } = require("@aws-sdk/client-s3");
const s3 = new S3Client({ maxAttempts: 1 });
const Bucket = process.env.DATA_BUCKET;
(async () => {
  const upload = { Bucket, Key: "out/large" };
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand(upload));
  await s3.send(new UploadPartCommand({ ...upload, UploadId, PartNumber: 1, Body: Buffer.alloc(5 * 2 ** 20, 1) }));
  const { Readable } = require("node:stream");
  const body = Readable.from((async function* () {
    yield Buffer.alloc(2 ** 20, 2);
    console.log("half");
    await new Promise(() => setInterval(() => {}, 1000));
  })());
  await s3.send(new PutObjectCommand({ Bucket, Key: "out/kept", Body: body, ContentLength: 2 ** 24 }));
})();
`;

/** Writes shared objects, each full of one letter, and reads them back. */
const MANY = `
const { S3Client, GetObjectCommand, PutObjectCommand } = require("@aws-sdk/client-s3");
const s3 = new S3Client({});
const Bucket = process.env.DATA_BUCKET;
const letter = process.argv[2];
(async () => {
  for (let index = 0; index < 40; index += 1) {
    const Key = "shared/" + (index % 10);
    await s3.send(new PutObjectCommand({ Bucket, Key, Body: letter.repeat(200_000) }));
    const text = await (await s3.send(new GetObjectCommand({ Bucket, Key }))).Body.transformToString();
    if (!/^(a{200000}|b{200000})$/.test(text)) throw new Error(Key + " has parts of both");
    await s3.send(new PutObjectCommand({ Bucket, Key: letter + "/" + index, Body: letter }));
  }
  console.log("done");
})();
`;

const UNFINISHED = ".workflow-unfinished";

let project: LocalProject;
let data: string;

beforeEach(() => {
  project = new LocalProject();
  project.configure(["/bin/sh"], 1, { data: "create" });
  data = join(project.folder, "data");
  writeFileSync(join(project.folder, "half.js"), HALF);
  writeFileSync(join(project.folder, "many.js"), MANY);
});
afterEach(() => project.dispose());

const local = () => project.start(["--engine", "process"]);
const node = (...args: string[]) => [process.execPath, ...args].join(" ");

test("a run that is killed in the middle of two uploads leaves no half object, and the next run removes what it left", async () => {
  mkdirSync(join(data, "out"), { recursive: true });
  writeFileSync(join(data, "out", "kept"), "earlier");
  project.job(node("half.js"));
  const killed = local();
  await killed.says("half");
  killed.signal("SIGKILL");
  await killed.ended;
  expect([readdirSync(join(data, "out")), readFileSync(join(data, "out", "kept"), "utf8")]).toEqual([
    ["kept"],
    "earlier",
  ]);
  expect(readdirSync(join(data, UNFINISHED))).toHaveLength(1);

  project.job(node("many.js", "a"));
  const { code, stderr } = await local().ended;
  expect([code, stderr.includes("one │ done\n")]).toEqual([0, true]);
  expect(existsSync(join(data, UNFINISHED))).toBe(false);
});

test("two runs at once on the same data folder mix no object and lose none", async () => {
  project.job(node("many.js", "a"));
  const first = local();
  await first.says("one started");
  project.job(node("many.js", "b"));
  const second = local();
  expect([(await first.ended).code, (await second.ended).code]).toEqual([0, 0]);
  expect([readdirSync(join(data, "a")).length, readdirSync(join(data, "b")).length]).toEqual([40, 40]);
  expect(readdirSync(data).sort()).toEqual(["a", "b", "shared"]);
});
