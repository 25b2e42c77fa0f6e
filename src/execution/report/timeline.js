/** The timeline: a lane for each job of a state where that can be seen, how many of them at a time where it cannot. */

import { count, counted, duration, reasonOf, SIGNS } from "./words.js";

/** Jobs of a state on the screen at one time that are drawn one by one. */
const MOST_BARS = 400;
const MOST_LANES = 40;
const LABEL_HEIGHT = 24;
const DENSITY_HEIGHT = 72;
const AXIS_HEIGHT = 30;
const SLIDER_HEIGHT = 34;
/** What a column of jobs at one time is made of, from below: by what came of them, and those in the queue. */
const STACKED = ["failed", "stopped", "running", "succeeded", "queued"];
const DENSITY_WORDS = {
  succeeded: "running, to succeed",
  failed: "running, to fail",
  stopped: "running, to be stopped",
  running: "running",
  queued: "queued",
  retried: "lost an attempt",
};
const TIMED = ["Task", "Map", "Parallel", "Wait"];

/** Draws into `element`. `onJob` and `onState` are told what was clicked, `onRange` what is seen. */
export function createTimeline(element, { states, jobs, end, onJob, onState, onRange }) {
  const chart = echarts.init(element, null, { renderer: "canvas" });
  let rows = [];
  let colors = readColors();

  function show(chosen) {
    rows = layOut(states, jobs, chosen, end);
    const height = rows.reduce((sum, row) => sum + row.height, 0);
    element.style.height = `${height + AXIS_HEIGHT + SLIDER_HEIGHT + 8}px`;
    chart.resize();
    chart.setOption(option(height), { replaceMerge: ["series"] });
    refresh();
  }

  function option(height) {
    const text = { color: colors.quiet, fontSize: 12, fontFamily: fontOf(element) };
    return {
      animation: false,
      textStyle: text,
      grid: { left: 1, right: 12, top: 0, height },
      xAxis: {
        type: "value",
        min: 0,
        max: Math.max(end, 1),
        minInterval: 1,
        axisLabel: {
          ...text,
          formatter: (value) => duration(value),
          hideOverlap: true,
          alignMinLabel: "left",
          alignMaxLabel: "right",
        },
        axisLine: { lineStyle: { color: colors.line } },
        axisTick: { show: false },
        splitLine: { lineStyle: { color: colors.line, opacity: 0.6 } },
      },
      yAxis: { type: "value", min: 0, max: height, inverse: true, show: false },
      dataZoom: [
        {
          type: "inside",
          filterMode: "none",
          zoomOnMouseWheel: "ctrl",
          moveOnMouseWheel: false,
          minValueSpan: Math.min(end, 20),
        },
        {
          type: "slider",
          filterMode: "none",
          bottom: 4,
          height: 20,
          left: 8,
          right: 16,
          brushSelect: false,
          showDetail: false,
          borderColor: colors.line,
          fillerColor: `${colors.accent}26`,
          handleStyle: { color: colors.card, borderColor: colors.accent },
          moveHandleSize: 0,
          minValueSpan: Math.min(end, 20),
        },
      ],
      tooltip: {
        trigger: "item",
        confine: true,
        backgroundColor: colors.card,
        borderColor: colors.line,
        textStyle: { color: colors.text, fontSize: 13 },
        // An element: text in it stays text.
        formatter: ({ data }) => tooltipOf(data.shape),
      },
      series: [
        { id: "shapes", type: "custom", clip: true, encode: { x: 0, y: 1 }, renderItem: drawShape, data: [] },
        {
          id: "labels",
          type: "custom",
          clip: false,
          silent: false,
          tooltip: { show: false },
          renderItem: drawLabel,
          data: [],
        },
      ],
    };
  }

  let shapes = [];
  /** Draws again what the range shows. */
  function refresh() {
    const { startValue: from, endValue: to } = chart.getOption().dataZoom[0];
    const buckets = Math.max(20, Math.floor(element.clientWidth / 5));
    shapes = rows.flatMap((row) => shapesOf(row, from, to, buckets));
    const all = from <= 0 && to >= end;
    chart.setOption({
      series: [
        { id: "shapes", data: shapes.map((shape) => ({ value: [shape.from, shape.top], shape })) },
        { id: "labels", data: rows.map((row) => ({ value: [from, row.top], row })) },
      ],
    });
    const seen = rows.reduce((sum, row) => sum + row.jobs.filter((job) => isSeen(job, from, to, end)).length, 0);
    onRange({ from, to, jobs: seen, all });
  }

  function drawShape(params, api) {
    const shape = shapes[params.dataIndex];
    if (shape === undefined) return;
    const [x, y] = api.coord([shape.from, shape.top]);
    const end = Math.max(api.coord([shape.to, shape.top])[0], x + (shape.thin ? 0 : 2));
    const area = params.coordSys;
    // Whole pixels for what stands side by side: no seams.
    const snap = shape.thin ? Math.round : (place) => place;
    const left = Math.max(snap(x), area.x - 4);
    const right = Math.min(snap(end), area.x + area.width + 4);
    if (right < area.x || left > area.x + area.width) return;
    const rect = {
      type: "rect",
      shape: {
        x: left,
        y,
        width: right - left,
        height: shape.height,
        r: shape.thin ? 0 : Math.min(3, shape.height / 3),
      },
      style: { fill: colors[shape.color], opacity: shape.opacity ?? 1 },
    };
    if (shape.sign === undefined || shape.height < 6) return rect;
    const fits = right - left > 16;
    return {
      type: "group",
      children: [
        rect,
        {
          type: "text",
          style: {
            text: shape.sign,
            x: fits ? right - 8 : right + 7,
            y: y + shape.height / 2 + 0.5,
            align: "center",
            verticalAlign: "middle",
            fontSize: Math.min(11, shape.height + 2),
            fontWeight: 700,
            fill: fits ? colors.card : colors[shape.color],
          },
        },
      ],
    };
  }

  function drawLabel(params, api) {
    const row = rows[params.dataIndex];
    if (row === undefined) return;
    const { x, width } = params.coordSys;
    const y = api.coord([0, row.top])[1];
    return {
      type: "group",
      children: [
        ...(params.dataIndex === 0
          ? []
          : [
              {
                type: "line",
                silent: true,
                shape: { x1: x, x2: x + width, y1: y, y2: y },
                style: { stroke: colors.line },
              },
            ]),
        {
          type: "text",
          style: {
            text: row.label,
            x: x + 8 * row.depth,
            y: y + 12,
            width: width - 8 * row.depth,
            overflow: "truncate",
            verticalAlign: "middle",
            fontSize: 12,
            fontWeight: 600,
            fontFamily: fontOf(element),
            fill: colors.text,
            stroke: colors.card,
            lineWidth: 3,
          },
        },
      ],
    };
  }

  function zoom(how) {
    const { startValue: from, endValue: to } = chart.getOption().dataZoom[0];
    const [center, span] = [(from + to) / 2, to - from];
    const ranges = {
      in: [center - span / 4, center + span / 4],
      out: [center - span, center + span],
      left: [from - span / 4, to - span / 4],
      right: [from + span / 4, to + span / 4],
      all: [0, end],
    };
    let [start, stop] = ranges[how];
    const wanted = Math.min(stop - start, end);
    if (start < 0) [start, stop] = [0, wanted];
    if (stop > end) [start, stop] = [end - wanted, end];
    chart.dispatchAction({ type: "dataZoom", startValue: start, endValue: stop });
  }

  let waiting = false;
  chart.on("datazoom", () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      refresh();
    });
  });
  chart.on("click", ({ seriesId, data }) => {
    if (seriesId === "labels") onState(data.row.name);
    else if (data.shape.job) onJob(data.shape.job);
    else onState(data.shape.state);
  });
  element.addEventListener("keydown", (event) => {
    const how = { "+": "in", "=": "in", "-": "out", 0: "all", ArrowLeft: "left", ArrowRight: "right" }[event.key];
    if (how === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    zoom(how);
  });
  let width = element.clientWidth;
  new ResizeObserver(() => {
    if (element.clientWidth === width) return;
    width = element.clientWidth;
    chart.resize();
    refresh();
  }).observe(element);

  let shown = null;
  return {
    zoom,
    show: (chosen) => {
      shown = chosen;
      show(chosen);
    },
    recolor: () => {
      colors = readColors();
      show(shown);
    },
  };
}

// --- layout ---

/** A row for each state that took time, among those in `chosen`; `null` for all. */
function layOut(states, jobs, chosen, end) {
  const byState = new Map();
  for (const job of jobs) {
    if (byState.has(job.state)) byState.get(job.state).push(job);
    else byState.set(job.state, [job]);
  }
  let top = 0;
  const reached = states.filter(({ name, startedAt }) => startedAt !== null && (chosen === null || chosen.has(name)));
  const timed = reached.filter(
    ({ name, type, outcome, startedAt, stoppedAt }) =>
      byState.has(name) || outcome === "failed" || (TIMED.includes(type) && (stoppedAt ?? end) - startedAt > end / 500),
  );
  return (timed.length > 0 ? timed : reached).map((state) => {
    const own = byState.get(state.name) ?? [];
    const lanes = pack(own, end);
    const laneHeight = lanes.count > MOST_LANES ? null : Math.max(4, Math.min(16, 200 / lanes.count));
    const body = own.length === 0 ? 14 : laneHeight === null ? DENSITY_HEIGHT : Math.max(lanes.count * laneHeight, 16);
    const label = own.length === 0 ? state.name : `${state.name}  ·  ${counted(own.length, "job")}`;
    const row = {
      name: state.name,
      depth: state.parents.length,
      label,
      state,
      jobs: own,
      lanes,
      laneHeight,
      body,
      top,
    };
    row.height = LABEL_HEIGHT + body + 8;
    top += row.height;
    return { ...row, end };
  });
}

/** A lane for each job, so that none overlaps another: the first that is free. */
function pack(jobs, end) {
  const free = [];
  const of = new Map();
  for (const job of jobs.toSorted((one, other) => one.submittedAt - other.submittedAt)) {
    let lane = free.findIndex((until) => until <= job.submittedAt);
    if (lane === -1) lane = free.length < MOST_LANES + 1 ? free.length : MOST_LANES;
    free[lane] = job.stoppedAt ?? end;
    of.set(job, lane);
  }
  return { of, count: free.length };
}

function isSeen({ submittedAt, stoppedAt }, from, to, end) {
  return submittedAt <= to && (stoppedAt ?? end) >= from;
}

function shapesOf(row, from, to, buckets) {
  const top = row.top + LABEL_HEIGHT;
  if (row.jobs.length === 0) {
    const { startedAt, stoppedAt, outcome, name } = row.state;
    return [
      {
        from: startedAt,
        to: stoppedAt ?? row.end,
        top: top + 2,
        height: 8,
        color: outcome,
        opacity: 0.55,
        state: name,
        span: row.state,
      },
    ];
  }
  const seen = row.jobs.filter((job) => isSeen(job, from, to, row.end));
  if (seen.length > MOST_BARS) return densityOf(row, seen, from, to, buckets, top);
  if (row.laneHeight !== null)
    return seen.flatMap((job) => barsOf(job, row.lanes.of.get(job), row.laneHeight, top, row.end));
  const lanes = pack(seen, row.end);
  return seen.flatMap((job) => barsOf(job, lanes.of.get(job), Math.min(16, row.body / lanes.count), top, row.end));
}

/** Of one job: the time in the queue, and each attempt. */
function barsOf(job, lane, laneHeight, top, end) {
  const gap = laneHeight > 6 ? 2 : 1;
  const shape = { top: top + lane * laneHeight, height: laneHeight - gap, job, state: job.state };
  const bars = [];
  let since = job.submittedAt;
  const queued = (until) => {
    if (until > since) bars.push({ ...shape, from: since, to: until, color: "queued" });
  };
  // Its last attempt was lost, and the next was still to come.
  const runsOn = job.outcome === "running" || (job.outcome === "stopped" && stoppedLater(job));
  job.attempts.forEach((attempt, index) => {
    const startedAt = attempt.startedAt ?? attempt.stoppedAt;
    queued(startedAt);
    const isLast = index === job.attempts.length - 1 && !runsOn;
    const color = isLast ? job.outcome : "retried";
    const sign = { failed: "✗", retried: "↻", stopped: "■" }[color];
    bars.push({ ...shape, from: startedAt, to: attempt.stoppedAt, color, ...(sign === undefined ? {} : { sign }) });
    since = attempt.stoppedAt;
  });
  if (job.attempts.length > 0 && !runsOn) return bars;
  const startedAt = job.startedAt !== null && job.startedAt >= since ? job.startedAt : null;
  const until = job.stoppedAt ?? end;
  queued(startedAt ?? until);
  if (startedAt !== null) bars.push({ ...shape, from: startedAt, to: until, color: job.outcome });
  return bars;
}

function stoppedLater({ attempts, stoppedAt }) {
  return stoppedAt !== null && attempts.length > 0 && stoppedAt - attempts.at(-1).stoppedAt > 1000;
}

/** How many jobs run and wait in each of `count` spans of time, and how many ended badly. */
function densityOf(row, jobs, from, to, count, top) {
  const step = (to - from) / count;
  const bucketOf = (at) => Math.max(0, Math.min(count, Math.floor((at - from) / step)));
  const totals = Object.fromEntries(STACKED.map((kind) => [kind, new Float64Array(count + 2)]));
  const retried = new Uint32Array(count + 1);
  const add = (kind, start, stop) => {
    if (stop < from || start > to) return;
    totals[kind][bucketOf(start)] += 1;
    totals[kind][bucketOf(stop) + 1] -= 1;
  };
  for (const job of jobs) {
    const stop = job.stoppedAt ?? row.end;
    const started = job.startedAt ?? stop;
    if (started > job.submittedAt) add("queued", job.submittedAt, started);
    if (job.startedAt !== null) add(job.outcome, started, stop);
    for (const { stoppedAt } of job.attempts.slice(0, -1)) {
      if (stoppedAt >= from && stoppedAt <= to) retried[bucketOf(stoppedAt)] += 1;
    }
  }
  const now = Object.fromEntries(STACKED.map((kind) => [kind, 0]));
  const spans = [];
  for (let bucket = 0; bucket < count; bucket += 1) {
    for (const kind of STACKED) now[kind] += totals[kind][bucket];
    spans.push({ ...now, retried: retried[bucket] });
  }
  const most = Math.max(1, ...spans.map((span) => STACKED.reduce((sum, kind) => sum + span[kind], 0)));
  const scale = (row.body - 2) / most;
  return spans.flatMap((span, bucket) => {
    const shape = { from: from + bucket * step, to: from + (bucket + 1) * step, thin: true, state: row.name };
    const density = { ...span, from: shape.from, to: shape.to };
    let bottom = top + row.body;
    const bars = STACKED.filter((kind) => span[kind] > 0).map((kind) => {
      const height = Math.max(span[kind] * scale, kind === "failed" ? 5 : 0);
      bottom -= height;
      return { ...shape, top: bottom, height, color: kind, density };
    });
    if (span.retried > 0) bars.push({ ...shape, top: top + row.body + 1, height: 4, color: "retried", density });
    return bars;
  });
}

// --- words ---

function tooltipOf({ job, span, density, state }) {
  const box = document.createElement("div");
  box.className = "tooltip";
  const line = (text, bold) => {
    const item = document.createElement(bold ? "strong" : "div");
    item.textContent = text;
    box.append(item);
  };
  if (job) {
    line(job.name, true);
    const exit = job.exitCode === null ? "" : `, exit code ${job.exitCode}`;
    line(`${SIGNS[job.outcome]} ${job.outcome}${exit}, ${counted(job.attempts.length, "attempt")}`);
    if (job.startedAt !== null)
      line(
        `queued ${duration(job.startedAt - job.submittedAt)}, ran ${duration((job.stoppedAt ?? job.startedAt) - job.startedAt)}`,
      );
    const reason = reasonOf(job);
    if (reason !== "" && job.outcome !== "succeeded") line(reason);
  } else if (density) {
    line(state, true);
    line(`${duration(density.from)} to ${duration(density.to)}`);
    for (const kind of Object.keys(DENSITY_WORDS))
      if (density[kind] > 0) line(`${count(density[kind])} ${DENSITY_WORDS[kind]}`);
  } else {
    line(state, true);
    line(`${SIGNS[span.outcome]} ${span.outcome}${span.items === null ? "" : `, ${counted(span.items, "item")}`}`);
    if (span.stoppedAt !== null) line(`took ${duration(span.stoppedAt - span.startedAt)}`);
  }
  return box;
}

function fontOf(element) {
  return getComputedStyle(element).fontFamily;
}

/** The colours of the style sheet, which knows light from dark. */
function readColors() {
  const style = getComputedStyle(document.documentElement);
  const names = [
    "card",
    "text",
    "quiet",
    "line",
    "accent",
    "queued",
    "succeeded",
    "failed",
    "caught",
    "retried",
    "stopped",
    "running",
  ];
  return Object.fromEntries(names.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
}
