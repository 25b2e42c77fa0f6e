import * as fc from "fast-check";
import { MAX_LINE_BYTES } from "../../../src/base/log-lines";
import { dockerRun } from "../../../src/execution/docker-run";
import type { ExecutionEvent } from "../../../src/execution/events";
import { at, described } from "../../events";
import { logOf, seen, written } from "./seen-events";

const PLACE = { state: "hunter2", indices: [] };

test("no view ever holds a secret, whatever jobs print", () => {
  const secret = fc
    .oneof(fc.string({ minLength: 4, maxLength: 40 }), fc.string({ unit: "grapheme", minLength: 4, maxLength: 10 }))
    .filter((value) => value.trim().length >= 4 && !value.includes("**"));
  const piece = fc.oneof(
    fc.constant(null),
    fc.string({ maxLength: 5 }),
    fc.integer({ min: MAX_LINE_BYTES - 60, max: MAX_LINE_BYTES + 5 }).map((length) => "x".repeat(length)),
  );
  const encoding = fc.constantFrom<(value: string) => string>(
    (value) => value,
    (value) => JSON.stringify({ cause: value }),
    (value) => JSON.stringify(JSON.stringify({ cause: value })),
    (value) => encodeURIComponent(value),
    (value) => Buffer.from(`user:${value}`).toString("base64"),
  );
  fc.assert(
    fc.property(
      fc.uniqueArray(secret, { minLength: 1, maxLength: 3 }),
      fc.array(piece),
      encoding,
      (secrets, pieces, encode) => {
        const output = pieces.map((text, index) => text ?? encode(secrets[index % secrets.length]!)).join("");
        const events: ExecutionEvent[] = [
          { at: 0, type: "execution-started", name: "run", input: { [output]: output } },
          { at: 0, type: "state-failed", ...PLACE, error: "E", cause: JSON.stringify({ output }) },
          at(0, described("1", { command: ["run", output], environment: { [output]: output, A: output } })),
          ...logOf(Buffer.from(`${output}\n`)),
        ];
        const views = seen(events, secrets);
        const texts = [
          JSON.stringify(
            views.flatMap((event): unknown[] => {
              if ("job" in event) return [event.job.command, event.job.environment, dockerRun(event.job)];
              return "input" in event ? [event.input] : "cause" in event ? [event.cause] : [];
            }),
          ),
          written(views),
        ];
        for (const value of secrets) {
          const forms = [value, encode(value)].map((form) => Buffer.from(form).toString("latin1"));
          for (const form of forms) expect(texts[1]!.includes(form)).toBe(false);
          expect(texts[0]!.includes(JSON.stringify(value).slice(1, -1))).toBe(false);
        }
      },
    ),
    { numRuns: 200 },
  );
});
