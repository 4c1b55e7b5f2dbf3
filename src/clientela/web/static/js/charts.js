// Draws the chart of an answer from the data beside it, in the colours of the page.
// Everything shown here stands in the table below as well.

let drawn = [];
let waiting = 0;
let printing = false;

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function palette() {
  return ["--chart-1", "--chart-2", "--chart-3", "--chart-4", "--chart-5", "--chart-6"]
    .map(colour)
    .map((found, n) => found || ["#2f6fed", "#94a3b8", "#f59f00", "#e8590c", "#d6336c", "#862e9c"][n]);
}

function frame() {
  const ink = colour("--ink") || "#222";
  const quiet = colour("--quiet") || "#667";
  const line = colour("--line") || "#ddd";
  return {
    ink,
    line,
    quiet,
    base: {
      animation: false,
      color: palette(),
      textStyle: { color: ink, fontFamily: "inherit" },
      grid: { left: 12, right: 16, top: 56, bottom: 32, containLabel: true },
      legend: { top: 0, textStyle: { color: quiet }, icon: "roundRect", itemHeight: 10 },
      tooltip: {
        renderMode: "richText",
        trigger: "axis",
        axisPointer: { type: "shadow" },
        backgroundColor: colour("--paper") || "#fff",
        borderColor: line,
        textStyle: { color: ink },
      },
    },
    // What an axis measures, and in which unit, stands at it: up the side, or under the middle.
    named: (name, side) =>
      side
        ? { name, nameLocation: "end", nameGap: 10, nameTextStyle: { color: quiet, align: "left" } }
        : { name, nameLocation: "middle", nameGap: 32, nameTextStyle: { color: quiet } },
    axis: {
      axisLabel: { color: quiet },
      axisLine: { lineStyle: { color: line } },
      axisTick: { show: false },
      splitLine: { lineStyle: { color: line } },
    },
  };
}

function short(value) {
  return new Intl.NumberFormat(document.documentElement.lang, { notation: "compact" }).format(value);
}

// Every group keeps its whole name. Where the names do not fit side by side the bars lie down,
// a name before each; rows too long for that (months) are turned and may leave some out. Names of
// more letters than LONG would take the room of the bars if they were turned.
const LYING = 16;
const MOST_LYING = 40;
const LONG = 12;
const NARROW = 600;
const ROW = 28; // pixels of a name that breaks once, where more than LYING lie

function fits(data, box) {
  const room = (box.clientWidth - 80) / data.labels.length;
  return Math.max(...data.labels.map((text) => text.length)) * 6.5 <= room;
}

function lies(data, box) {
  const letters = Math.max(...data.labels.map((text) => text.length));
  const narrow = letters > 6 && box.clientWidth < NARROW; // turned, they would take a phone's room
  const most = letters > LONG ? MOST_LYING : narrow ? 24 : LYING;
  return !fits(data, box) && data.labels.length <= most;
}

function labels(axis, data, box) {
  const count = data.labels.length;
  const common = { ...axis.axisLabel, interval: count <= 24 ? 0 : "auto", fontSize: 11 };
  if (lies(data, box)) return { ...common, width: box.clientWidth * 0.4, overflow: "break" };
  return { ...common, rotate: fits(data, box) ? 0 : 45 };
}

// Places whose figures are hidden: a hatched band of the whole room behind each, on axes of its
// own, since nothing drawn would read as nothing there. The legend and the pointer name it.
const HATCHED = { dashArrayX: [1, 0], dashArrayY: [2, 6], rotation: -Math.PI / 4 };

function band({ quiet, line }) {
  return {
    color: line,
    opacity: 0.55,
    borderColor: quiet,
    borderType: "dashed",
    borderWidth: 1,
    decal: { ...HATCHED, color: quiet },
  };
}

function hiddenBars(data, lying, look) {
  if (!data.not_shown) return { axes: {}, series: [] };
  const places = new Set(data.not_shown.places);
  const bare = { show: false, axisLabel: { show: false } }; // or its labels would take room
  const names = { type: "category", data: data.labels, inverse: lying, ...bare };
  const room = { type: "value", min: 0, max: 1, ...bare };
  return {
    axes: lying ? { xAxis: [room], yAxis: [names] } : { xAxis: [names], yAxis: [room] },
    series: [
      {
        name: data.not_shown.name,
        type: "bar",
        z: 1,
        barWidth: "72%",
        xAxisIndex: 1,
        yAxisIndex: 1,
        silent: true,
        itemStyle: band(look),
        data: data.labels.map((_, n) => (places.has(n) ? 1 : null)),
      },
    ],
  };
}

// What the pointer tells of a place: each figure, or that it is hidden.
function told(data) {
  return {
    formatter: (points) => {
      const hidden = (p) => data.not_shown.places.includes(p.dataIndex) && p.value == null;
      const lines = points
        .filter((p) => p.seriesIndex < data.series.length)
        .map((p) => `${p.marker}${p.seriesName}  ${hidden(p) ? data.not_shown.name : (p.value ?? "–")}`);
      return [points[0].axisValueLabel ?? points[0].name, ...lines].join("\n");
    },
  };
}

function bars(data, box) {
  const { base, axis, named, quiet, line } = frame();
  const percent = data.unit === "percent";
  const lying = lies(data, box);
  const several = data.series.length > 1 || Boolean(data.not_shown); // then a legend tells them apart
  const hidden = hiddenBars(data, lying, { quiet, line });
  const turned = !lying && !fits(data, box);
  const names = {
    ...axis,
    ...named(data.across, lying),
    type: "category",
    data: data.labels,
    inverse: lying,
    axisLabel: labels(axis, data, box),
  };
  // Names before lying bars say themselves what they are; turned ones need the room.
  if (lying) names.name = "";
  if (turned) names.nameGap = 64;
  const values = {
    ...axis,
    ...named(data.axis, !lying),
    type: "value",
    min: percent ? 0 : undefined,
    splitNumber: lying ? 3 : undefined,
    axisLabel: { ...axis.axisLabel, formatter: (v) => (percent ? `${v} %` : short(v)) },
  };
  const round = lying ? [0, 3, 3, 0] : [3, 3, 0, 0];
  return {
    ...base,
    legend: several ? base.legend : undefined,
    tooltip: { ...base.tooltip, ...(data.not_shown ? told(data) : {}) },
    grid: {
      ...base.grid,
      top: (several ? 36 : 12) + (lying ? 0 : 20), // the legend, and the name of the upright axis
      bottom: turned ? 20 : base.grid.bottom,
    },
    xAxis: [lying ? values : names, ...(hidden.axes.xAxis ?? [])],
    yAxis: [lying ? names : values, ...(hidden.axes.yAxis ?? [])],
    series: data.series
      .map((one) => ({ ...one, type: "bar", z: 2, barMaxWidth: 36, itemStyle: { borderRadius: round } }))
      .concat(hidden.series),
  };
}

// The steps of the map's colours, from the ground of the page to its first colour, with what each
// stands for. A press on a step hides or shows its cells.
function scale(steps, hidden, { ink, line, quiet }) {
  const probe = document.createElement("canvas").getContext("2d");
  const parts = (css) => {
    probe.fillStyle = css; // which reads back as #rrggbb
    return [1, 3, 5].map((at) => parseInt(probe.fillStyle.slice(at, at + 2), 16));
  };
  const [full, none] = [parts(palette()[0]), parts(colour("--paper") || "#ffffff")];
  const mixed = (share) => `rgb(${full.map((v, n) => Math.round(share * v + (1 - share) * none[n]))})`;
  return {
    type: "piecewise",
    dimension: 2,
    orient: "horizontal",
    left: "center",
    bottom: 0,
    itemGap: 6,
    itemWidth: 14,
    itemSymbol: "rect",
    textStyle: { color: ink, fontSize: 11 },
    borderColor: line,
    pieces: (hidden ? [{ value: HIDDEN, label: hidden.name, color: quiet }] : []).concat(steps.map((step, n) => ({
      gte: step.from,
      ...(step.until === null ? {} : { lt: step.until }),
      label: step.label,
      color: mixed(0.14 + (n * 0.71) / (steps.length - 1)),
    }))),
  };
}

const HIDDEN = -1; // percent of a cell that is not shown

function heat(data) {
  const { base, axis, named, ink, line, quiet } = frame();
  const said = (v) => (v[2] === HIDDEN ? data.not_shown.name : `${v[2]} %${v[3] ? "" : ` · ${data.in_part}`}`);
  const hidden = (data.not_shown?.places ?? []).map((at) => ({
    value: [...at, HIDDEN, 1],
    itemStyle: { ...band({ quiet, line }), color: undefined },
  }));
  const cells = data.data.map((v) => (v[3] ? v : { value: v, itemStyle: { opacity: 0.45, borderColor: ink, borderType: "dashed", borderWidth: 1 } }));
  return {
    ...base,
    legend: undefined,
    tooltip: {
      ...base.tooltip,
      trigger: "item",
      formatter: (p) => `${data.rows[p.value[1]]} +${p.value[0]}: ${said(p.value)}`,
    },
    grid: { ...base.grid, top: 32, bottom: 76 },
    xAxis: { ...axis, ...named(data.across, false), type: "category", data: data.labels, splitArea: { show: false } },
    yAxis: { ...axis, ...named(data.axis, true), nameLocation: "start", type: "category", data: data.rows, inverse: true },
    visualMap: scale(data.scale, data.not_shown, { ink: base.legend.textStyle.color, line, quiet }),
    series: [{ type: "heatmap", progressive: 0, data: cells.concat(hidden), label: { show: data.labels.length < 16, color: ink, formatter: (p) => (p.value[2] === HIDDEN ? "–" : Math.round(p.value[2])) } }],
  };
}

function draw() {
  for (const one of drawn) {
    one.getDom().querySelector(".on-paper")?.remove();
    one.dispose();
  }
  drawn = [];
  if (!window.echarts) return;
  for (const box of document.querySelectorAll("[data-chart]")) {
    const data = JSON.parse(document.getElementById(box.dataset.chart).textContent);
    const heated = data.kind === "heat";
    const tall = heated ? data.rows.length > 14 : lies(data, box) && data.labels.length > 6;
    box.classList.toggle("chart-tall", tall);
    const rows = !heated && tall && data.labels.length > LYING ? data.labels.length : 0;
    box.style.height = rows ? `${rows * ROW + 80}px` : "";
    const one = window.echarts.init(box, null, { renderer: "canvas" });
    one.setOption(heated ? heat(data) : bars(data, box));
    drawn.push(one);
  }
}

// At once, since no frame comes before the paper, and in its colours: each chart in one layer.
function onPaper() {
  printing = true;
  draw();
  for (const one of drawn) {
    const painted = one.renderToCanvas({ pixelRatio: 2 });
    painted.className = "on-paper";
    painted.style.cssText = ""; // it stands in a line with the text, not over it
    one.getDom().append(painted);
  }
}

// Once a frame, however many reasons there are: a chart is never thrown away while it is painted.
function soon() {
  if (waiting || printing) return;
  waiting = window.requestAnimationFrame(() => {
    waiting = 0;
    if (!printing) draw();
  });
}

soon(); // a module runs when the page is there, and after the scripts before it
document.addEventListener("htmx:afterSwap", soon);
window.addEventListener("resize", soon);
window.addEventListener("beforeprint", onPaper);
window.addEventListener("afterprint", () => {
  printing = false;
  soon();
});
new MutationObserver(soon).observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme", "data-bs-theme"] });
window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", soon);
