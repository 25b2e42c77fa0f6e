/** Images as other people publish them run as jobs: nothing of the project is in them. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { jobDefinitionPlaceholder } from "../../src/project/names";
import { buildImage, withPackages } from "./debian-images";
import { Project } from "./project";
import { testWith } from "./requirements";
import { TestBucket } from "./test-bucket";

const step = testWith("images");
const deployedStep = testWith("images", "terraform", "deployments");

const VALUES = "name,value\na,10\nb,20\nc,30\n";
const WORDS = "to be or not to be";

const PANDAS = `
import os, boto3, pandas
bucket = boto3.resource("s3").Bucket(os.environ["DATA_BUCKET"])
bucket.download_file("in/values.csv", "/tmp/values.csv")
table = pandas.read_csv("/tmp/values.csv")
table.describe().to_json("/tmp/described.json")
bucket.upload_file("/tmp/described.json", "out/described.json")
print("pandas: mean", table.value.mean())
`;

const R = `
file <- tempfile()
write.csv(data.frame(x = 1:10, y = 2 * (1:10) + 3), file)
cat("R: slope", round(coef(lm(y ~ x, read.csv(file)))[["x"]], 6), fill = TRUE)
`;

/** Rhino runs JavaScript on Java, and gives it Java's classes. */
const JAVA = `
var path = java.nio.file.Files.createTempFile("numbers", ".txt");
java.nio.file.Files.writeString(path, "1 2 3 4");
var numbers = String(java.nio.file.Files.readString(path)).split(" ").map(Number);
print("Java: sum", numbers.reduce(function (sum, one) { return sum + one; }));
`;

const PIPELINE = `
aws s3 cp "s3://$DATA_BUCKET/in/words.txt" - | tr ' ' '\\n' | sort | uniq -c | sort -rn > /tmp/counts
aws s3 cp --no-progress /tmp/counts "s3://$DATA_BUCKET/out/counts.txt"
echo "AWS CLI: $(wc -l < /tmp/counts) words"
`;

interface Foreign {
  readonly packages: readonly string[];
  /** The rest of the Dockerfile. */
  readonly instructions?: string;
  readonly command: readonly string[];
  readonly prints: string;
}

/** The images, each with what its job runs and prints. */
const IMAGES: Record<string, Foreign> = {
  pandas: {
    packages: ["python3-pandas", "python3-boto3"],
    instructions: 'CMD ["python3"]',
    command: ["python3", "-c", PANDAS],
    prints: "pandas: mean 20.0",
  },
  r: { packages: ["r-base-core"], instructions: 'CMD ["R"]', command: ["Rscript", "-e", R], prints: "R: slope 2" },
  java: {
    packages: ["default-jre-headless", "rhino"],
    command: ["java", "-cp", "/usr/share/java/js.jar", "org.mozilla.javascript.tools.shell.Main", "-e", JAVA],
    prints: "Java: sum 10",
  },
  magick: {
    packages: ["imagemagick"],
    instructions: 'USER nobody\nENTRYPOINT ["magick"]',
    command: "-size 64x48 gradient: -resize 50% -write /tmp/a.png -delete 0 /tmp/a.png -format %m:%w,%h\\n info:".split(
      " ",
    ),
    prints: "PNG:32,24",
  },
  "aws-cli": { packages: ["awscli"], command: ["sh", "-ec", PIPELINE], prints: "AWS CLI: 4 words" },
};

const NAMES = Object.keys(IMAGES);

function imageOf(name: string): string {
  return `workflow-e2e/${name}:trixie`;
}

function branch(name: string) {
  const request = {
    JobName: name,
    JobDefinition: `\${${jobDefinitionPlaceholder(name)}}`,
    JobQueue: "${JobQueueArn}",
  };
  const Resource = "arn:${Partition}:states:::batch:submitJob.sync";
  return { StartAt: name, States: { [name]: { Type: "Task", Resource, Arguments: request, Output: {}, End: true } } };
}

const DOCUMENT = {
  QueryLanguage: "JSONata",
  StartAt: "all",
  States: { all: { Type: "Parallel", Branches: NAMES.map(branch), Output: {}, End: true } },
};

const bucket = new TestBucket();
let project: Project;
/** The files that the jobs left in the folder `data/`. */
let results: (Buffer | undefined)[];

const RESULTS = ["out/described.json", "out/counts.txt"];

beforeAll(() => {
  project = new Project();
  project.write("workflow/echo.asl.json", JSON.stringify(DOCUMENT));
  project.write("workflow/echo.input.schema.json", "{}");
  project.write("workflow/echo.input.json", "{}");
});
afterAll(async () => {
  await project.dispose();
  await bucket.dispose();
});

function configure(data: string): void {
  const jobs = Object.entries(IMAGES).map(([name, { command }]) => [
    name,
    { imageUri: imageOf(name), vcpus: 1, memoryMiB: 2048, timeoutSeconds: 600, attempts: 1, command },
  ]);
  project.configure({ data, jobs: Object.fromEntries(jobs) });
}

step("five images are built from Debian's packages", async () => {
  for (const [name, { packages, instructions = "" }] of Object.entries(IMAGES)) {
    buildImage(imageOf(name), `${withPackages(...packages)}\n${instructions}\n`);
  }
});

step("their programs run here, unedited, in containers", async () => {
  configure("create");
  project.write("data/in/values.csv", VALUES);
  project.write("data/in/words.txt", WORDS);
  const { status, output } = await project.startWorkflow("local", "--engine", "docker").ended;
  expect({ status, output }).toMatchObject({ status: 0 });
  for (const { prints } of Object.values(IMAGES)) expect(output).toContain(prints);
  results = RESULTS.map((key) => readFileSync(join(project.folder, "data", key)));
});

deployedStep("and the same there, with the same results in the bucket", async () => {
  await bucket.put("in/values.csv", VALUES);
  await bucket.put("in/words.txt", WORDS);
  configure(await bucket.create());
  await project.deploy();
  const { status, output } = await project.startWorkflow("start").ended;
  expect({ status, output }).toMatchObject({ status: 0 });
  for (const { prints } of Object.values(IMAGES)) expect(output).toContain(prints);
  const objects = await bucket.objects();
  expect(RESULTS.map((key) => objects.get(key))).toEqual(results);
});
