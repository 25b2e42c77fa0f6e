import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { jobDefinition, QUEUE } from "../../../../scripts/demo/example-job";
import type { StatesDocument } from "../../../../src/asl/document";
import { substitute } from "../../../../src/asl/substitution";
import type { Clock } from "../../../../src/base/clock";
import type { Json } from "../../../../src/base/json";
import type { ExecutionEvent } from "../../../../src/execution/events";
import { collectResult, type ExecutionResult } from "../../../../src/execution/result";
import { type JobAdditions, NO_ADDITIONS } from "../../../../src/local/batch/job-additions";
import type { JobDefinition } from "../../../../src/local/batch/job-definition";
import { type Bucket, dataFolder } from "../../../../src/local/data/data-folder";
import type { ContainerSpec, Engine } from "../../../../src/local/engines/engine";
import { mountedFolders } from "../../../../src/local/reuse/job-folders";
import { jobReuse } from "../../../../src/local/reuse/job-reuse";
import { programsInImages } from "../../../../src/local/reuse/programs";
import { readResults, resultsFile } from "../../../../src/local/reuse/stored-results";
import { runLocally } from "../../../../src/local/run";

/** The work of a program on the data bucket. It fails if it returns false. */
export type Program = (spec: ContainerSpec, bucket: Bucket) => Promise<boolean>;

/** Everything that a user can change between two runs. */
export interface World {
  readonly document: object;
  readonly input: Json;
  readonly job: Partial<JobDefinition>;
  /** The id of the image. */
  readonly image: string | null;
  readonly additions: JobAdditions;
  readonly program: Program;
}

/** A folder with a data bucket and the results of the last run. */
export class Scene {
  readonly folder = mkdtempSync(join(tmpdir(), "reuse-"));
  readonly objects = dataFolder(join(this.folder, "data"));
  /** The file with the results of the last run. */
  results = "";
  private runs = 0;

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Runs the world once, with the results of the last run. */
  async run(
    { document, input, job, image, additions, program }: World,
    onEvent: (event: ExecutionEvent) => void = () => {},
  ): Promise<{ readonly result: ExecutionResult; readonly ran: readonly string[] }> {
    let time = 0;
    // The work of a job takes a second, and no time limit is ever reached: the programs use real files.
    const clock: Clock = { now: () => time, sleep: () => new Promise(() => {}), every: () => () => {} };
    const ran: string[] = [];
    const buckets = new Map<string, Bucket>();
    const engine: Engine = {
      name: "docker",
      close: () => {},
      run: (spec, listener) => {
        ran.push(spec.name.replace(/-[0-9a-f-]{36}-\d+$/, ""));
        const work = async () => {
          listener.started();
          const hasWorked = await program(spec, buckets.get(spec.environment.AWS_ACCESS_KEY_ID ?? "") ?? this.objects);
          time += 1000;
          return { kind: "exited", exitCode: hasWorked ? 0 : 1, outOfMemory: false } as const;
        };
        return { ended: work(), kill: () => {} };
      },
    };
    const definition = jobDefinition({ command: [], ...job });
    const name = `run-${++this.runs}`;
    const earlier = readResults(this.results);
    this.results = join(this.folder, `${name}.jsonl`);
    writeFileSync(this.results, earlier.text);
    const file = resultsFile(this.results, (error) => {
      throw error;
    });
    const reuse = jobReuse({
      execution: name,
      earlier: this.runs === 1 ? null : earlier,
      file,
      programOf: programsInImages(new Map(image === null ? [] : [[definition.image, image]])),
      foldersOf: mountedFolders(additions),
      surroundings: { salt: "salt", seesData: false, engine: "docker", terminal: {}, additions },
      additions,
      objects: this.objects,
      data: {
        newAccessKey: (seen) => {
          const id = `key-${buckets.size}`;
          buckets.set(id, seen(this.objects));
          return id;
        },
      },
    });
    const { result, sink } = collectResult(document as StatesDocument);
    const values = { Partition: "aws", JobQueueArn: QUEUE.arn, EchoJobDefinitionArn: definition.arn };
    await runLocally(
      {
        stateMachine: {
          name: "echo_dev",
          arn: "arn:aws:states:eu-west-1:123456789012:stateMachine:echo_dev",
          roleArn: "arn:aws:iam::123456789012:role/echo_dev-states",
          definition: substitute(document as StatesDocument, values),
        },
        queues: [QUEUE],
        jobDefinitions: [definition],
        images: {},
      },
      { name, input },
      {
        ...{ engine, objects: this.objects, vcpus: 4, additions, reuse, clock },
        emit: (event) => {
          sink(event);
          onEvent(event);
        },
      },
      { stop: new AbortController().signal, force: new AbortController().signal },
    );
    file.close();
    return { result, ran: ran.sort() };
  }
}

const NO_WORK: Program = async () => true;

export const WORLD: Omit<World, "document" | "input"> = {
  job: {},
  image: "sha256:1",
  additions: NO_ADDITIONS,
  program: NO_WORK,
};
