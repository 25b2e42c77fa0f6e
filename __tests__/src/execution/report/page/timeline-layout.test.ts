import type { PageJob, PageState } from "../../../../../src/execution/report/page/report-data";
import {
  barsOf,
  densityOf,
  layOut,
  MOVES,
  moved,
  pack,
  type Shape,
  shapesOf,
  ticksOf,
  within,
  zoomed,
} from "../../../../../src/execution/report/page/timeline-layout";

const END = 1000;

function job(submittedAt: number, stoppedAt: number | null, facts: Partial<PageJob> = {}): PageJob {
  return {
    ...{ state: "work", indices: [], name: "job", id: "id", exitCode: null, statusReason: null, log: "" },
    reusedFrom: null,
    ...{ outcome: "succeeded", submittedAt, startedAt: submittedAt, stoppedAt, attempts: [] },
    ...{ value: "", usage: null, ran: null },
    ...{ wait: null, waitedSeconds: null },
    ...facts,
  };
}

function state(name: string, facts: Partial<PageState> = {}): PageState {
  return {
    ...{
      name,
      type: "Task",
      parents: [],
      outcome: "succeeded",
      entered: 1,
      items: null,
      itemRuns: null,
      tolerated: 0,
      startedAt: 0,
      stoppedAt: END,
    },
    ...{ succeeded: 1, failed: 0, caught: 0, stopped: 0, retries: 0, mocked: 0, reused: 0 },
    ...facts,
  };
}

const attempt = (startedAt: number | null, stoppedAt: number) => {
  return { startedAt, stoppedAt, exitCode: 0, reason: null, statusReason: null };
};
const timesOf = (shapes: readonly Shape[]) => shapes.map(({ from, to, color }) => [from, to, color]);

describe("pack", () => {
  const lanesOf = (...jobs: PageJob[]) => {
    const { of, count } = pack(jobs, END);
    return { lanes: jobs.map((each) => of.get(each)), count };
  };

  test("gives two jobs that overlap a lane each", () => {
    expect(lanesOf(job(0, 100), job(50, 150))).toEqual({ lanes: [0, 1], count: 2 });
  });

  test("gives a job the lane of one that has ended, also at the same moment", () => {
    expect(lanesOf(job(0, 100), job(100, 200), job(150, 300), job(250, 300))).toEqual({
      lanes: [0, 0, 1, 0],
      count: 2,
    });
  });

  test("takes the first lane that is free, in the order of submission", () => {
    expect(lanesOf(job(30, 40), job(0, 50), job(10, 20), job(60, 70))).toEqual({ lanes: [1, 0, 1, 0], count: 2 });
  });

  test("a job that runs keeps its lane until the end", () => {
    expect(lanesOf(job(0, null), job(END - 1, END))).toEqual({ lanes: [0, 1], count: 2 });
  });

  test("jobs beyond the 40th lane share one more", () => {
    const jobs = Array.from({ length: 43 }, () => job(0, 100));
    const { lanes, count } = lanesOf(...jobs);
    expect([lanes.slice(38), count]).toEqual([[38, 39, 40, 40, 40], 41]);
  });
});

describe("layOut", () => {
  test("puts the rows below each other, as high as their lanes", () => {
    const jobs = [job(0, 100), job(50, 150), job(60, 150), job(0, 100, { state: "more" })];
    const rows = layOut([state("work"), state("more", { parents: ["all"] })], jobs, null, END);
    expect(rows.map(({ label, top, height, body, lanes }) => [label, top, height, body, lanes.count])).toEqual([
      ["work  ·  3 jobs", 0, 80, 48, 3],
      ["more  ·  1 job", 80, 48, 16, 1],
    ]);
  });

  test("has columns of one height for more jobs at a time than 40", () => {
    const jobs = Array.from({ length: 50 }, () => job(0, 100));
    expect(layOut([state("work")], jobs, null, END)[0]).toMatchObject({ body: 72, height: 104 });
  });

  test("leaves out states that took no time, were not reached or are not chosen", () => {
    const states = [
      state("short", { stoppedAt: 1 }),
      state("never", { startedAt: null, stoppedAt: null }),
      state("choice", { type: "Choice" }),
      state("refused", { type: "Fail", outcome: "failed", stoppedAt: 0 }),
      state("wait", { type: "Wait" }),
    ];
    const names = (chosen: ReadonlySet<string> | null) => layOut(states, [], chosen, END).map((row) => row.state.name);
    expect(names(null)).toEqual(["refused", "wait"]);
    expect(names(new Set(["wait", "never"]))).toEqual(["wait"]);
    expect(names(new Set(["choice"]))).toEqual(["choice"]);
  });
});

describe("barsOf", () => {
  const bars = (each: PageJob) => timesOf(barsOf(each, 0, 16, END));

  test("shows the queue, each attempt, and the queue between attempts", () => {
    const attempts = [attempt(100, 200), attempt(300, 400)];
    expect(bars(job(0, 400, { startedAt: 100, attempts, outcome: "failed" }))).toEqual([
      [0, 100, "queued"],
      [100, 200, "retried"],
      [200, 300, "queued"],
      [300, 400, "failed"],
    ]);
  });

  test("shows a job that waits, and one that runs, until the end", () => {
    expect(bars(job(10, null, { startedAt: null, outcome: "running" }))).toEqual([[10, END, "queued"]]);
    expect(bars(job(10, null, { startedAt: 20, outcome: "running" }))).toEqual([
      [10, 20, "queued"],
      [20, END, "running"],
    ]);
  });

  test("a job that was stopped between two attempts has lost the first one", () => {
    const stopped = job(0, 5000, { startedAt: 0, attempts: [attempt(0, 100)], outcome: "stopped" });
    expect(bars(stopped)).toEqual([
      [0, 100, "retried"],
      [100, 5000, "queued"],
    ]);
  });

  test("stand in the lane, and bear a sign unless all went well", () => {
    const attempts = [attempt(0, 100), attempt(100, 200)];
    const [lost, last] = barsOf(job(0, 200, { attempts, outcome: "stopped" }), 40, 16, END);
    expect(lost).toMatchObject({ top: 40, height: 14, sign: "↻" });
    expect(last).toMatchObject({ top: 40, height: 14, sign: "■" });
    const [good] = barsOf(job(0, 200, { attempts: [attempt(0, 200)] }), 40, 5, END);
    expect(good).toEqual({ from: 0, to: 200, top: 40, height: 4, color: "succeeded", about: expect.anything() });
  });
});

describe("densityOf", () => {
  const range = { from: 0, to: 1000 };
  const columns = (jobs: PageJob[]) => {
    const row = layOut([state("work")], jobs, null, END)[0]!;
    return densityOf({ ...row, top: 100, body: 72 }, jobs, range, 4, END);
  };
  /** The foot of the columns: the label of the row is 24 pixels high. */
  const FOOT = 100 + 24 + 72;

  test("stacks what happens to the jobs in each part of the time, from the foot of the row upwards", () => {
    const jobs = [
      job(0, 240, { outcome: "failed" }),
      job(0, 400, { startedAt: 0 }),
      job(0, 900, { startedAt: 600 }),
      job(100, 240),
    ];
    const shapes = columns(jobs);
    expect(shapes.map(({ from, to, top, height, color }) => [from, to, top, height, color])).toEqual([
      [0, 250, FOOT - 17.5, 17.5, "failed"],
      [0, 250, FOOT - 52.5, 35, "succeeded"],
      [0, 250, FOOT - 70, 17.5, "queued"],
      [250, 500, FOOT - 17.5, 17.5, "succeeded"],
      [250, 500, FOOT - 35, 17.5, "queued"],
      [500, 750, FOOT - 17.5, 17.5, "succeeded"],
      [500, 750, FOOT - 35, 17.5, "queued"],
      [750, 1000, FOOT - 17.5, 17.5, "succeeded"],
    ]);
  });

  test("stays within the row, and marks lost attempts below it", () => {
    const lost = job(0, 900, { attempts: [attempt(0, 300), attempt(300, 900)] });
    const shapes = columns([lost, ...Array.from({ length: 99 }, () => job(0, 1000))]);
    const [marks, bodies] = [true, false].map((isMark) =>
      shapes.filter(({ color }) => (color === "retried") === isMark),
    );
    expect(bodies!.every(({ top, height }) => top >= 124 && top + height <= FOOT)).toBe(true);
    expect(marks!.map(({ from, top, height }) => [from, top, height])).toEqual([[250, FOOT + 1, 4]]);
  });

  test("says how many jobs a column stands for", () => {
    expect(columns([job(0, 200, { startedAt: 100, outcome: "failed" })])[0]!.about).toMatchObject({
      kind: "density",
      density: { from: 0, to: 250, counts: { failed: 1, queued: 1, succeeded: 0, retried: 0 } },
    });
  });
});

describe("shapesOf", () => {
  test("a state without jobs is one bar", () => {
    const [row] = layOut([state("all", { type: "Map", stoppedAt: null, outcome: "running" })], [], null, END);
    expect(timesOf(shapesOf(row!, { from: 0, to: END }, 10, END))).toEqual([[0, END, "running"]]);
  });

  test("more than 400 jobs in the range are columns, fewer are bars in lanes of their own", () => {
    const jobs = Array.from({ length: 1000 }, (_, index) => job(index, index + 50));
    const [row] = layOut([state("work")], jobs, null, END);
    const kinds = (from: number, to: number) =>
      new Set(shapesOf(row!, { from, to }, 10, END).map(({ about }) => about.kind));
    expect(kinds(0, 1000)).toEqual(new Set(["density"]));
    const near = shapesOf(row!, { from: 100, to: 110 }, 10, END);
    expect(new Set(near.map(({ about }) => about.kind))).toEqual(new Set(["job"]));
    const bottom = Math.max(...near.map(({ top, height }) => top + height));
    expect(bottom).toBeLessThanOrEqual(row!.top + 24 + row!.body);
  });
});

describe("the range", () => {
  test("moves, and zooms around a moment", () => {
    expect(moved({ from: 100, to: 200 }, -50)).toEqual({ from: 50, to: 150 });
    expect(zoomed({ from: 0, to: 100 }, 0.5, 20)).toEqual({ from: 10, to: 60 });
    expect(MOVES.in({ from: 0, to: 100 })).toEqual({ from: 25, to: 75 });
    expect(MOVES.out({ from: 40, to: 60 })).toEqual({ from: 30, to: 70 });
    expect(MOVES.left({ from: 40, to: 80 })).toEqual({ from: 30, to: 70 });
    expect(MOVES.right({ from: 40, to: 80 })).toEqual({ from: 50, to: 90 });
  });

  test.each([
    [
      { from: -50, to: 50 },
      { from: 0, to: 100 },
    ],
    [
      { from: 950, to: 1050 },
      { from: 900, to: 1000 },
    ],
    [
      { from: -500, to: 5000 },
      { from: 0, to: 1000 },
    ],
    [
      { from: 500, to: 501 },
      { from: 500, to: 520 },
    ],
    [MOVES.all(), { from: 0, to: 1000 }],
  ])("%j stays within the execution as %j", (wanted, range) => {
    expect(within(wanted, END)).toEqual(range);
  });

  test.each([
    [{ from: 0, to: 29_700 }, 8, [0, 5000, 10_000, 15_000, 20_000, 25_000]],
    [{ from: 968_000, to: 983_000 }, 8, [968_000, 970_000, 972_000, 974_000, 976_000, 978_000, 980_000, 982_000]],
    [{ from: 10, to: 30 }, 5, [10, 15, 20, 25, 30]],
  ])("of %j has %d round moments at most", (range, most, ticks) => {
    expect(ticksOf(range, most)).toEqual(ticks);
  });
});
