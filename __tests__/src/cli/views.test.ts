import { LOGS, VIEWS } from "../../../src/cli/flags";
import { createViews } from "../../../src/cli/views";
import { recordSession, valuesOf } from "../../terminal";
import { DOCUMENT, oneJob } from "./scene";

/** Views on a terminal, and all that was happened to it. */
async function onTerminal() {
  const { session, happened } = recordSession({ environment: { NO_COLOR: "1" } }, { isTTY: true });
  return { views: await createViews({ document: DOCUMENT, place: "here" }, valuesOf(VIEWS, {}), session), happened };
}

const UP_ONE_ROW = "\x1b[1A\r\x1b[K";

test.each([
  ["d", `stderr: ${UP_ONE_ROW}\r`],
  ["", "stderr: \r"],
])(
  "what is shown stands still during a question, and goes on in its place after the answer %p",
  async (answer, start) => {
    const { views, happened } = await onTerminal();
    await views.hold(async () => {
      for (const event of oneJob("SUCCEEDED")) views.sink(event);
      expect(happened).toEqual([]);
      return answer;
    });
    views.close();
    expect(happened).toHaveLength(1);
    expect(happened[0]!.slice(0, start.length)).toBe(start);
    expect(happened[0]).toContain("SUCCEEDED in 2.0 s, 1 job");
  },
);

test("logs that cannot be kept are told with --quiet too", async () => {
  const { session, output } = recordSession();
  const flags = valuesOf({ ...VIEWS, ...LOGS }, { quiet: true, logs: "/nowhere" });
  const views = await createViews({ document: DOCUMENT, place: "here" }, flags, session);
  for (const event of oneJob("SUCCEEDED")) views.sink(event);
  expect(await views.finish()).toBe(false);
  expect(output.stderr).toBe("cannot write the logs to /nowhere: there is no such file\n");
});
