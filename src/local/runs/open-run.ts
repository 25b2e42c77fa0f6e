import type { Costs } from "../../execution/cost/costs";
import type { ExecutionEvent } from "../../execution/events";
import type { EventWriter } from "./event-file";
import { writeHead } from "./run-folder";
import type { RunHead } from "./run-head";

/** The folder of the run that this process does. */
export class OpenRun {
  constructor(
    private readonly folder: string,
    private head: RunHead,
    private readonly costs: Costs,
    private readonly writer: EventWriter,
  ) {}

  /** Opens a run that goes on. */
  static reopen(folder: string, head: RunHead, costs: Costs, writer: EventWriter): OpenRun {
    writeHead(folder, head);
    return new OpenRun(folder, head, costs, writer);
  }

  /** Appends an event. The head stays as it is. @throws the error of the file system */
  append(event: ExecutionEvent): void {
    this.costs.record(event);
    this.writer.sink(event);
  }

  /** Appends an event. @throws the error of the file system */
  record(event: ExecutionEvent): void {
    try {
      this.append(event);
    } finally {
      if (event.type === "execution-ended") this.end(event);
    }
  }

  /** Writes how the run ended, also if its events could not be kept. */
  end({ status, at }: Extract<ExecutionEvent, { type: "execution-ended" }>): void {
    this.head = { ...this.head, status, stoppedAt: at, cost: this.costs.ofRun() };
    writeHead(this.folder, this.head);
  }

  close(): void {
    this.writer.close();
  }
}
