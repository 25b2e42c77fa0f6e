import { Writable } from "node:stream";
import { createViews } from "../../../src/cli/views";
import { DOCUMENT, oneJob, scene } from "./scene";

/** Views on a terminal, and all that was written to it. */
function onTerminal() {
  const written: string[] = [];
  const stream = new Writable({
    write(chunk, _, done) {
      written.push(String(chunk));
      done();
    },
  });
  const stderr = Object.assign(stream, { isTTY: true, columns: 80, rows: 24 });
  const { surroundings } = scene({ surroundings: { environment: { NO_COLOR: "1" }, stderr } });
  return { views: createViews({ document: DOCUMENT, place: "here" }, {}, surroundings), written };
}

const UP_ONE_ROW = "\x1b[1A\r\x1b[K";

test.each([
  ["d", `${UP_ONE_ROW}\r`],
  ["", "\r"],
])(
  "what is shown stands still during a question, and goes on in its place after the answer %p",
  async (answer, start) => {
    const { views, written } = onTerminal();
    await views.hold(async () => {
      for (const event of oneJob("SUCCEEDED")) views.sink(event);
      expect(written).toEqual([]);
      return answer;
    });
    views.close();
    expect(written).toHaveLength(1);
    expect(written[0]!.slice(0, start.length)).toBe(start);
    expect(written[0]).toContain("SUCCEEDED in 2.0 s, 1 job");
  },
);

test("logs that cannot be kept are told with --quiet too", async () => {
  const { surroundings, output } = scene({});
  const views = createViews({ document: DOCUMENT, place: "here" }, { quiet: true, logs: "/nowhere" }, surroundings);
  for (const event of oneJob("SUCCEEDED")) views.sink(event);
  expect(await views.finish()).toBe(false);
  expect(output.stderr).toBe("the logs are not kept in /nowhere: there is no such file\n");
});
